// ASCII characters and text.
#include "base/ascii.h"

#include <gtest/gtest.h>

namespace tern {
namespace {

TEST(Ascii, KnowsDigitsAndLetters) {
  for (int i = -128; i < 128; ++i) {
    const char c = static_cast<char>(i);
    const bool digit = std::string_view("0123456789").find(c) != std::string_view::npos;
    const bool letter =
        std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ").find(c) !=
        std::string_view::npos;
    EXPECT_EQ(base::is_digit(c), digit) << i;
    EXPECT_EQ(base::is_letter(c), letter) << i;
    EXPECT_EQ(base::is_alphanumeric(c), digit || letter) << i;
    EXPECT_EQ(base::is_visible(c), i > 0x20 && i < 0x7f) << i;
    EXPECT_EQ(base::is_space(c), c == ' ' || c == '\t' || c == '\r' || c == '\n') << i;
  }
}

TEST(Ascii, ReadsHexadecimalDigitsInEitherCase) {
  EXPECT_EQ(base::hex_value('0'), 0);
  EXPECT_EQ(base::hex_value('9'), 9);
  EXPECT_EQ(base::hex_value('a'), 10);
  EXPECT_EQ(base::hex_value('F'), 15);
  for (char c : {'g', 'G', '/', ':', '@', '`', ' ', '\0', '\xff'})
    EXPECT_EQ(base::hex_value(c), -1);
}

TEST(Ascii, LowersAsciiLettersAlone) {
  EXPECT_EQ(base::to_lower('A'), 'a');
  EXPECT_EQ(base::to_lower('['), '[');
  EXPECT_EQ(base::to_lower("Content-Type \xc3\x84"), "content-type \xc3\x84");
}

TEST(Ascii, ComparesWithoutRegardToCase) {
  EXPECT_TRUE(base::equal_ignoring_case("", ""));
  EXPECT_TRUE(base::equal_ignoring_case("Host", "hOST"));
  EXPECT_FALSE(base::equal_ignoring_case("Host", "Hosts"));
  EXPECT_FALSE(base::equal_ignoring_case("@", "`"));
  EXPECT_FALSE(base::equal_ignoring_case("[", "{"));
}

TEST(Ascii, KnowsTextOfDigits) {
  EXPECT_TRUE(base::is_all_digits("0123456789"));
  EXPECT_FALSE(base::is_all_digits(""));
  EXPECT_FALSE(base::is_all_digits("1 2"));
  EXPECT_FALSE(base::is_all_digits("-1"));
}

TEST(Ascii, TrimsSpacesAndTabs) {
  EXPECT_EQ(base::trim(" \t a b\t "), "a b");
  EXPECT_EQ(base::trim("a"), "a");
  EXPECT_EQ(base::trim(" \t"), "");
  EXPECT_EQ(base::trim(""), "");
  EXPECT_EQ(base::trim("\na"), "\na");
}

}  // namespace
}  // namespace tern
