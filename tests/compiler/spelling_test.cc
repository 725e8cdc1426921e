// Text: spelling, literals, UTF-8, and the words for syntax errors.
#include <gtest/gtest.h>

#include "compiler/base/spelling.h"
#include "compiler/base/utf8.h"
#include "compiler/syntax/expectation.h"
#include "compiler/syntax/literal.h"

namespace rpcgen {
namespace {

TEST(EditDistance, CountsInsertionsDeletionsReplacementsAndSwaps) {
  EXPECT_EQ(edit_distance("string", "string", 3), 0u);
  EXPECT_EQ(edit_distance("strng", "string", 3), 1u);
  EXPECT_EQ(edit_distance("sstring", "string", 3), 1u);
  EXPECT_EQ(edit_distance("strong", "string", 3), 1u);
  EXPECT_EQ(edit_distance("stirng", "string", 3), 1u);
  EXPECT_EQ(edit_distance("", "abc", 3), 3u);
}

TEST(EditDistance, StopsAtTheLimit) {
  EXPECT_EQ(edit_distance("abcdef", "uvwxyz", 2), 3u);
  EXPECT_EQ(edit_distance("a", "abcdef", 2), 3u);
}

TEST(Nearest, TakesTheNearest) {
  EXPECT_EQ(nearest("Strng", {"Spring", "string", "bool"}), "string");
  EXPECT_EQ(nearest("Pint", {"Print", "Point"}), "Print");
}

TEST(Nearest, TakesTheRightCaseForNear) {
  EXPECT_EQ(nearest("INT64", {"int32", "int64"}), "int64");
}

TEST(Nearest, TakesNothingThatIsFar) {
  EXPECT_EQ(nearest("Xyzzy", {"string", "bool"}), std::nullopt);
  EXPECT_EQ(nearest("A", {"B"}), std::nullopt);
  EXPECT_EQ(nearest("", {"B"}), std::nullopt);
}

TEST(ParseInteger, TakesDecimalAndHexadecimal) {
  EXPECT_EQ(parse_integer("0"), 0u);
  EXPECT_EQ(parse_integer("007"), 7u);
  EXPECT_EQ(parse_integer("0xFf"), 255u);
  EXPECT_EQ(parse_integer("18446744073709551615"), 18446744073709551615u);
  EXPECT_EQ(parse_integer("18446744073709551616"), std::nullopt);
  EXPECT_EQ(parse_integer("0x10000000000000000"), std::nullopt);
}

TEST(ParseFloat, TakesWhatADoubleHolds) {
  EXPECT_EQ(parse_float("1.5"), 1.5);
  EXPECT_EQ(parse_float("6.02214076e23"), 6.02214076e23);
  EXPECT_EQ(parse_float("1e309"), std::nullopt);
}

TEST(ParseDuration, KnowsTheUnits) {
  using std::chrono::nanoseconds;
  EXPECT_EQ(parse_duration("7ns"), nanoseconds(7));
  EXPECT_EQ(parse_duration("7us"), std::chrono::microseconds(7));
  EXPECT_EQ(parse_duration("7ms"), std::chrono::milliseconds(7));
  EXPECT_EQ(parse_duration("7s"), std::chrono::seconds(7));
  EXPECT_EQ(parse_duration("7m"), std::chrono::minutes(7));
  EXPECT_EQ(parse_duration("7h"), std::chrono::hours(7));
  EXPECT_EQ(parse_duration("9223372036854775807ns"), nanoseconds::max());
  EXPECT_EQ(parse_duration("9223372036854775808ns"), std::nullopt);
  EXPECT_EQ(parse_duration("2562048h"), std::nullopt);
}

TEST(ParseString, KnowsTheEscapes) {
  EXPECT_EQ(parse_string(R"("a\n\r\t\"\\b")").text, "a\n\r\t\"\\b");
  EXPECT_EQ(parse_string(R"("\u{41}\u{20ac}\u{1F600}")").text, "A\xE2\x82\xAC\xF0\x9F\x98\x80");
  EXPECT_FALSE(parse_string(R"("\u{10FFFF}")").problem);
}

TEST(ParseString, TellsWhereAnEscapeIsUnknown) {
  const ParsedString parsed = parse_string(R"("ab\x41")");
  ASSERT_TRUE(parsed.problem);
  EXPECT_EQ(parsed.problem->begin, 3u);
  EXPECT_EQ(parsed.problem->end, 5u);
  EXPECT_TRUE(parse_string(R"("\u{110000}")").problem);
  EXPECT_TRUE(parse_string(R"("\u{d800}")").problem);
  EXPECT_TRUE(parse_string(R"("\u{}")").problem);
  EXPECT_TRUE(parse_string(R"("\u41")").problem);
}

TEST(Utf8, IsFoundInvalidAtTheFirstBadByte) {
  EXPECT_EQ(find_invalid_utf8("plain \xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80"), std::nullopt);
  EXPECT_EQ(find_invalid_utf8("ab\x80"), 2u);
  EXPECT_EQ(find_invalid_utf8("ab\xC3"), 2u);
  EXPECT_EQ(find_invalid_utf8("\xF4\x90\x80\x80"), 0u);
  EXPECT_EQ(find_invalid_utf8("\xE0\x80\x80"), 0u);
}

TEST(Utf8, IsWrittenAsItIsRead) {
  for (char32_t value : {U'\u0041', U'\u00E9', U'\u20AC', U'\U0001F600', U'\U0010FFFF'}) {
    std::string text;
    append_utf8(text, value);
    const CodePoint read = decode_utf8(text);
    EXPECT_TRUE(read.valid);
    EXPECT_EQ(read.value, value);
    EXPECT_EQ(read.size, text.size());
  }
}

TEST(Expectation, NamesTheTokenThatIsMostLikelyMissing) {
  EXPECT_EQ(describe({"field", {"'['", "';'"}, "}", false}).text,
            "expected ';' after the field, got \"}\"");
  EXPECT_TRUE(describe({"field", {"'['", "';'"}, "}", false}).belongs_before);
  EXPECT_EQ(describe({"annotations", {"','", "']'", "'='"}, "x", true}).text,
            "expected ']' or ',' in the annotations, got \"x\"");
  EXPECT_EQ(describe({"field", {"'='"}, "", false}).text,
            "expected '=' in the field, got the end of the file");
}

}  // namespace
}  // namespace rpcgen
