// Wicked input ends in an error, and soon: what could take long is refused by its size. That these
// tests come to an end at all is what they claim; without the bounds some would take hours.
#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/syntax/parser.h"
#include "tests/compiler/check_compile.h"

namespace rpcgen {
namespace {

// `before`, as often as the size limit allows `repeated`, `after`.
std::string flood(std::string before, std::string_view repeated, std::string_view after = "") {
  while (before.size() + repeated.size() + after.size() <= kMaxFileSize) before += repeated;
  return before + std::string(after);
}

std::string numbered_flood(std::string before, const std::function<std::string(int)>& piece,
                           std::string_view after = "") {
  for (int i = 0;; ++i) {
    const std::string next = piece(i);
    if (before.size() + next.size() + after.size() > kMaxFileSize) break;
    before += next;
  }
  return before + std::string(after);
}

std::string first_message(const std::string& text) {
  const std::string messages = compile_text(text).messages();
  return messages.substr(0, messages.find('\n'));
}

bool is_refused(const std::string& text) {
  return compile_text(text).diagnostics.has_errors();
}

TEST(Hostile, NestedBracketsAreRefused) {
  for (const char* bracket : {"(", "[", "{", "list<", "map<string,"}) {
    std::string text = "package test; struct A { ";
    for (int i = 0; i < 10'000; ++i) text += bracket;
    EXPECT_EQ(first_message(text), "main.rpc:1: error: brackets nest deeper than 256") << bracket;
  }
}

TEST(Hostile, HugeTokensAreRefused) {
  EXPECT_EQ(first_message(std::string(10'000'000, 'a')),
            ":0: error: cannot read \"main.rpc\": longer than the limit");
  EXPECT_EQ(first_message(flood("", "a")),
            "main.rpc:1: error: word of 524288 characters; at most 255 are allowed");
  EXPECT_EQ(first_message(flood("", "1")),
            "main.rpc:1: error: word of 524288 characters; at most 255 are allowed");
  EXPECT_EQ(first_message(flood("package test; import \"", "x", "\";")),
            "main.rpc:1: error: import path of 524264 bytes; at most 1000 are allowed");
  EXPECT_EQ(first_message(flood("package a", ".a", ";")),
            "main.rpc:1: error: name of 524279 characters; at most 255 are allowed");
}

TEST(Hostile, FloodsOfTokensAreParsed) {
  for (const char* token : {";", "}", "a ", "struct ", "struct;", "@ ", "/ ", "\"\n", "x{}", "é"}) {
    EXPECT_TRUE(is_refused(flood("package test; ", token))) << token;
  }
  for (const char* token : {"a=", "a=;", "a b=1[c];", "list<int32 a=1;", "= ", "union;"}) {
    EXPECT_TRUE(is_refused(flood("package test; struct A { ", token))) << token;
  }
  for (const char* token : {"m();", "m(", "throws ", "-> "}) {
    EXPECT_TRUE(is_refused(flood("package test; service A { ", token))) << token;
  }
}

TEST(Hostile, FloodsOfErrorsAreChecked) {
  EXPECT_TRUE(is_refused(flood("package test; enum E {", "a=1;", "}")));
  EXPECT_TRUE(is_refused(flood("package test; struct S { reserved 1 to 1000;", "int32 a=1;", "}")));
  EXPECT_TRUE(is_refused(flood("package test; struct S {", "reserved 1 to 1000;", "int32 a=1; }")));
  EXPECT_TRUE(is_refused(flood("package test; struct A { int32 a=1[", "c,", "c]; }")));
  EXPECT_TRUE(is_refused(flood("package test; const string s=\"", "\\u{", "\";")));
  EXPECT_TRUE(is_refused(flood("package test;", "import \"x\";")));
  EXPECT_TRUE(is_refused(flood("", "package test;")));
}

TEST(Hostile, FloodsOfNamesGetNoSuggestions) {
  EXPECT_TRUE(is_refused(numbered_flood("package test;", [](int i) {
    const std::string n = std::to_string(i);
    return "struct S" + n + "{T" + n + " a=1;}";
  })));
}

TEST(Hostile, LongChainsNeedNoStack) {
  const auto chain = [](const std::string& modifier, const std::string& last) {
    return numbered_flood(
        "package test;",
        [&](int i) {
          return "struct S" + std::to_string(i + 1) + "{" + modifier + " S" + std::to_string(i) +
                 " a=1;}";
        },
        "struct S0 {" + last + "}");
  };
  EXPECT_FALSE(is_refused(chain("", "")));
  EXPECT_FALSE(is_refused(chain("optional", "list<S1> back = 1;")));
  EXPECT_TRUE(is_refused(chain("", "S1 back = 1;")));
}

TEST(Hostile, ManyStreamsOfALargeMessageAreChecked) {
  const std::string message =
      numbered_flood(std::string(kMaxFileSize / 2, ' ') + "struct S{",
                     [](int i) { return "int64 a" + std::to_string(i) + "=1;"; });
  std::string file = "package test;" + message.substr(kMaxFileSize / 2) + "} service T{";
  EXPECT_TRUE(is_refused(numbered_flood(
      std::move(file), [](int i) { return "m" + std::to_string(i) + "(S)->stream S[resume=b];"; },
      "}")));
}

TEST(Hostile, ManyCyclesAreEachFoundOnce) {
  const Compiled compiled = compile_text(numbered_flood("package test;", [](int i) {
    const std::string n = std::to_string(i);
    return "struct S" + n + "{S" + n + " a=1;}";
  }));
  EXPECT_GT(compiled.diagnostics.error_count(), 10'000u);
}

TEST(Hostile, UnclosedCommentsAndStringsEnd) {
  EXPECT_TRUE(is_refused(flood("package test;", "/*")));
  EXPECT_TRUE(is_refused(flood("package test;", "\"\\")));
  EXPECT_TRUE(is_refused("package test; \"\\"));
  EXPECT_TRUE(is_refused("package test; /*/"));
}

TEST(Hostile, NulsAndBrokenUtf8End) {
  EXPECT_TRUE(is_refused(flood("", std::string_view("\0", 1))));
  EXPECT_TRUE(is_refused(flood("package test;", "\xFF")));
}

TEST(Hostile, EveryPrefixOfAFileIsTaken) {
  const std::string whole = R"(
    package test; // comment
    /** doc */
    const int32 k = -0x10;
    enum E [deprecated] { A = 0 [deprecated]; B = -1; }
    struct S { optional map<string, list<int32>> a = 1 [name = "y\n"];
      union u { E b = 2; F c = 3; } reserved 4, 6 to 8, "z"; }
    struct F {} error G [message = "m", code = not_found] { duration d = 1 [default = 5ms]; }
    struct P { int64 at = 1; }
    service T { M(stream S) -> stream E throws G [timeout = 1s, idempotent]; N();
      W(P) -> stream P [resume = at, idle_timeout = 30s]; })";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_LT(compile_text(whole.substr(0, size)).diagnostics.error_count(), 5u) << size;
  }
}

TEST(Hostile, EveryTokenCanBeMissingOrTwice) {
  const std::string whole =
      "package test ; const int32 k = 1 ; enum E [ deprecated ] { A = 0 ; } struct S { optional "
      "map < string , list < E > > a = 1 [ name = \"y\" ] ; union u { E b = 2 ; } reserved 4 to 6 "
      "; "
      "} error F { } service T { M ( S ) -> E throws F [ timeout = 1s ] ; W ( P ) -> stream P [ "
      "resume = at , idle_timeout = 1s ] ; } struct P { int64 at = 1 ; } ";
  for (std::size_t begin = 0; begin < whole.size();) {
    const std::size_t end = whole.find(' ', begin) + 1;
    const std::string token = whole.substr(begin, end - begin);
    std::string without = whole;
    without.erase(begin, end - begin);
    std::string twice = whole;
    twice.insert(begin, token);
    // Some of these are fine; all come to an end, with no more than a handful of messages.
    EXPECT_LT(compile_text(without).diagnostics.error_count(), 5u) << without;
    EXPECT_LT(compile_text(twice).diagnostics.error_count(), 5u) << twice;
    begin = end;
  }
}

// Pieces of a file that uses everything, left out, doubled, exchanged or replaced at random places.
TEST(Hostile, MutatedFilesComeToAnEnd) {
  const std::vector<std::string> whole{
      "package",    "test", ";",        "import",  "\"a.rpc\"", ";",      "const", "int32",
      "k",          "=",    "-",        "1",       ";",         "enum",   "E",     "[",
      "deprecated", "]",    "{",        "A",       "=",         "0",      ";",     "reserved",
      "2",          "to",   "4",        ",",       "\"old\"",   ";",      "}",     "struct",
      "S",          "{",    "optional", "map",     "<",         "string", ",",     "list",
      "<",          "E",    ">",        ">",       "a",         "=",      "1",     "[",
      "name",       "=",    "\"y\"",    "]",       ";",         "union",  "u",     "{",
      "S",          "b",    "=",        "2",       ";",         "}",      "}",     "error",
      "F",          "{",    "}",        "service", "T",         "{",      "M",     "(",
      "S",          ")",    "->",       "stream",  "E",         "throws", "F",     "[",
      "timeout",    "=",    "1s",       "]",       ";",         "}"};
  std::mt19937 random(20240607);
  const auto below = [&random](std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
  };
  for (int round = 0; round < 1000; ++round) {
    std::vector<std::string> tokens = whole;
    for (std::size_t changes = 1 + below(6); changes > 0; --changes) {
      const std::size_t at = below(tokens.size());
      const auto place = tokens.begin() + static_cast<std::ptrdiff_t>(at);
      switch (below(4)) {
        case 0:
          tokens.erase(place);
          break;
        case 1:
          tokens.insert(place, whole[below(whole.size())]);
          break;
        case 2:
          std::swap(tokens[at], tokens[below(tokens.size())]);
          break;
        default:
          *place = whole[below(whole.size())];
      }
    }
    std::string text;
    for (const std::string& token : tokens) text += token + (below(4) == 0 ? "\n" : " ");
    // A change costs a handful of messages at most, and what is refused says why.
    const Compiled compiled = compile_text(text);
    EXPECT_LT(compiled.diagnostics.error_count(), 20u) << text;
    EXPECT_EQ(compiled.schema.has_value(), !compiled.diagnostics.has_errors()) << text;
  }
}

}  // namespace
}  // namespace rpcgen
