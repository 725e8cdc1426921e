#include "compiler/syntax/expectation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "compiler/base/spelling.h"
#include "compiler/syntax/newcomers.h"

namespace rpcgen {
namespace {

struct RuleWords {
  std::string_view rule;
  std::string_view noun;  // "expected ';' after the …, got"
  std::string_view item;  // what its braces hold
};

constexpr std::array<RuleWords, 24> kRules{{
    {"packageStatement", "package", ""},
    {"importStatement", "import", ""},
    {"constant", "constant", ""},
    {"enumeration", "enum", "an enum value"},
    {"enumValue", "enum value", ""},
    {"struct", "struct", "a field"},
    {"error", "error", "a field"},
    {"field", "field", ""},
    {"unionMember", "union", "a field"},
    {"reserved", "reserved list", ""},
    {"reservedItem", "reserved list", ""},
    {"service", "service", "a method"},
    {"method", "method", ""},
    {"parameter", "method's argument", ""},
    {"result", "method's result", ""},
    {"throwsList", "throws list", ""},
    {"annotations", "annotations", ""},
    {"annotation", "annotations", ""},
    {"type", "type", ""},
    {"typeName", "type", ""},
    {"dottedName", "name", ""},
    {"literal", "value", ""},
    {"number", "number", ""},
    {"definedName", "name", ""},
}};

RuleWords words_of(std::string_view rule) {
  const auto found = std::find_if(kRules.begin(), kRules.end(),
                                  [rule](const RuleWords& words) { return words.rule == rule; });
  return found == kRules.end() ? RuleWords{} : *found;
}

class Expected {
 public:
  explicit Expected(const std::vector<std::string>& tokens) : tokens_(tokens) {}

  bool has(std::string_view token) const {
    return std::find(tokens_.begin(), tokens_.end(), token) != tokens_.end();
  }
  // The grammar's `name` takes every keyword.
  bool any_name() const { return has("IDENTIFIER") && has("'package'"); }
  bool type() const { return has("IDENTIFIER") && has("'list'") && !any_name(); }
  bool statement() const { return has("'struct'") && !has("IDENTIFIER"); }

 private:
  const std::vector<std::string>& tokens_;
};

std::vector<std::string_view> keywords(const std::vector<std::string>& tokens) {
  std::vector<std::string_view> words;
  for (std::string_view token : tokens) {
    if (token.size() > 3 && token[1] >= 'a' && token[1] <= 'z') {
      words.push_back(token.substr(1, token.size() - 2));
    }
  }
  return words;
}

std::string join(const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? " or " : ", ";
    text += parts[i];
  }
  return text;
}

// The most telling of the tokens, in order of how likely it is that just they are missing.
std::vector<std::string> pick(const Expected& expected, const RuleWords& words) {
  if (!words.item.empty() && expected.has("'}'")) return {std::string(words.item), "'}'"};
  if (expected.has("';'")) return {"';'"};
  if (expected.has("'{'")) return {"'{'"};
  if (expected.has("FLOAT")) return {"a value"};
  std::vector<std::string> parts;
  if (expected.any_name()) {
    parts.emplace_back("a name");
  } else if (expected.type()) {
    parts.emplace_back("a type");
  } else if (expected.has("IDENTIFIER")) {
    parts.emplace_back("a name");
  }
  if (expected.has("INTEGER")) parts.emplace_back("an integer");
  if (expected.has("STRING")) parts.emplace_back("a string");
  for (const std::string_view token : {"'('", "')'", "']'", "'<'", "'>'", "'}'", "','"}) {
    if (expected.has(token)) parts.emplace_back(token);
  }
  // `=` of an annotation is a choice among others; of a field it is all there can be.
  if (parts.empty() && expected.has("'='")) parts.emplace_back("'='");
  return parts;
}

bool is_name(std::string_view token) {
  return !token.empty() &&
         ((token[0] >= 'a' && token[0] <= 'z') || (token[0] >= 'A' && token[0] <= 'Z'));
}

// A token that somebody may write who knows another language, and what is written here.
struct Slip {
  std::string_view rule;  // empty: anywhere
  std::string_view got;
  std::string_view advice;
};

constexpr std::string_view kFieldForm = "a field is written \"type name = 1;\"";
constexpr std::string_view kOptionalForm = "write \"optional T name\"";
constexpr std::string_view kNoBase = "a struct has no base, but can have a field of another struct";

constexpr auto kSlips = std::to_array<Slip>({
    {"struct", "extends", kNoBase},
    {"struct", ":", kNoBase},
    {"error", ":", kNoBase},
    {"service", "extends", "a service has no base"},
    {"service", ":", "a service has no base"},
    {"enumeration", ":", "the values of an enum are int32"},
    {"enumValue", ",", "a value is written \"Name = 1;\""},
    {"enumValue", ";", "a value is written \"Name = 1;\""},
    {"enumValue", "}", "a value is written \"Name = 1;\""},
    {"field", "-", "a name is letters, digits and \"_\""},
    {"field", ":", kFieldForm},
    {"field", "?", kOptionalForm},
    {"field", "[", "a list is written \"list<T> name\", and annotations stand in one '[]'"},
    {"field", "(", "annotations stand in '[]'"},
    {"type", "?", kOptionalForm},
    {"type", "optional", "only a field is optional"},
    {"throwsList", "(", "the errors stand without brackets"},
    {"result", "(", "the type stands without brackets"},
    {"method", "raises", "did you mean \"throws\"?"},
    {"method", "returns", "a result is written \"-> Type\""},
    {"file", "#", "a comment begins with \"//\""},
    {"", "'", "strings stand in '\"'"},
});

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// What somebody who wrote it may have meant; empty if that is not known.
std::string advice(const Mismatch& mismatch, const Expected& expected) {
  const std::string& rule = mismatch.rule;
  const std::string& got = mismatch.got;
  if (mismatch.nested) return "; definitions stand beside each other, not in one another";
  if (rule == "field" && got == "<") {
    if (mismatch.previous == "optional") return fmt::format("; {}", kOptionalForm);
    const auto ours = type_called(mismatch.previous);
    if (!ours) return "; only list and map have types in '<>'";
    return fmt::format("; did you mean \"{}\" instead of \"{}\"?", *ours, mismatch.previous);
  }
  const auto slip = std::find_if(kSlips.begin(), kSlips.end(), [&](const Slip& one) {
    return one.got == got && (one.rule == rule || one.rule.empty());
  });
  if (slip != kSlips.end()) return fmt::format("; {}", slip->advice);
  if ((rule == "struct" || rule == "error") && !got.empty() && is_digit(got.front())) {
    return fmt::format("; {}", kFieldForm);
  }
  if (rule == "method" && mismatch.word && nearest(mismatch.previous, {"stream"})) {
    return fmt::format("; did you mean \"stream\" instead of \"{}\"?", mismatch.previous);
  }
  if (rule == "method" && expected.has("'('") && mismatch.word) {
    return "; a method is written \"Name(Argument) -> Result;\"";
  }
  if (rule == "method" && expected.has("')'") && (mismatch.word || got == ",")) {
    return "; a method has one argument at most, and it has no name";
  }
  if (!got.empty() && static_cast<unsigned char>(got.front()) >= 0x80) {
    return "; outside of strings and comments all is ASCII";
  }
  return {};
}

}  // namespace

Complaint describe(const Mismatch& mismatch) {
  const Expected expected(mismatch.expected);
  const RuleWords words = words_of(mismatch.rule);
  const std::string got =
      mismatch.got.empty() ? "the end of the file" : fmt::format("\"{}\"", mismatch.got);
  std::string hint;
  if (mismatch.word && !expected.any_name()) {
    if (const auto keyword = nearest(mismatch.got, keywords(mismatch.expected))) {
      hint = fmt::format("; did you mean \"{}\"?", *keyword);
    }
  }
  if (hint.empty()) hint = advice(mismatch, expected);
  if (expected.statement() && mismatch.got == "}") return {"unexpected \"}\"; no '{' is open here"};
  if (expected.statement() && mismatch.got == ";") {
    return {"unexpected \";\"; a definition ends with its '}'"};
  }
  if (expected.statement()) {
    return {fmt::format("expected a struct, error, enum, const or service, got {}{}", got, hint)};
  }
  const std::vector<std::string> parts = pick(expected, words);
  if (parts.empty()) return {fmt::format("unexpected {}{}", got, hint)};
  if (parts.front() == "';'") {
    return {fmt::format("expected ';' after the {}, got {}{}",
                        words.noun.empty() ? "statement" : words.noun, got, hint),
            true};
  }
  if (words.rule == "annotations" && expected.has("']'") && is_name(mismatch.previous)) {
    // What follows the name of an annotation and is no word is its value.
    return {mismatch.word ? fmt::format("expected '=', ',' or ']' in the annotations, got {}", got)
                          : fmt::format("expected '=' after \"{}\" in the annotations, got {}",
                                        mismatch.previous, got)};
  }
  if (words.rule == "type" && parts.front() == "a type") {
    return {fmt::format("expected a type between '<' and '>', got {}{}", got, hint)};
  }
  const std::string place = words.noun.empty() ? "" : fmt::format(" in the {}", words.noun);
  return {fmt::format("expected {}{}, got {}{}", join(parts), place, got, hint)};
}

}  // namespace rpcgen
