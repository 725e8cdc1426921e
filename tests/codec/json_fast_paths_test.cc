// What the JSON reader does many characters at a time, in every place where it could go wrong.
#include <array>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "codec/json_digits.h"
#include "codec_testing.h"
#include "tern/codegen/type_ops_of.h"

namespace sample {

// Keys of many lengths: those up to 32 are compared in words.
struct Keys {
  static constexpr std::string_view kTypeName = "sample.Keys";
  static constexpr std::array<tern::Field, 12> kFields{{{1, "a"},
                                                        {2, "bc"},
                                                        {3, "def"},
                                                        {4, "ghij"},
                                                        {5, "klmnopq"},
                                                        {6, "rstuvwxy"},
                                                        {7, "zabcdefgh"},
                                                        {8, "ijklmnopqrstuvwx"},
                                                        {9, "yzabcdefghijklmno"},
                                                        {10, "pqrstuvwxyzabcdefghijklmnopqrst"},
                                                        {11, "uvwxyzabcdefghijklmnopqrstuvwxyz"},
                                                        {12, "abcdefghijklmnopqrstuvwxyzabcdefg"}}};

  std::array<std::int64_t, 12> values{};

  Keys() = default;

  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    for (std::size_t i = 0; i < kFields.size(); ++i) {
      if (!visit(kFields[i], self.values[i])) return false;
    }
    return true;
  }
  bool operator==(const Keys&) const = default;
};

namespace {

using tern::codec::not_digits;

std::string some_text(std::mt19937& random, std::size_t size) {
  constexpr std::string_view kLikely = "0123456789-,] /:.";
  std::string text(size, '\0');
  for (char& c : text) {
    c = random() % 4 == 0 ? static_cast<char>(random()) : kLikely[random() % kLikely.size()];
  }
  return text;
}

bool counts_as_digit(char c, bool minus) {
  return (c >= '0' && c <= '9') || (minus && c == '-');
}

template <bool Minus>
void expect_digits_are_found(const std::string& text) {
  std::uint64_t wanted = 0;
  for (std::size_t i = 0; i < 16; ++i) {
    if (!counts_as_digit(text[i], Minus)) wanted |= std::uint64_t{1} << i;
  }
  ASSERT_EQ(tern::codec::not_digits<Minus>(text.data()), wanted) << text;
  ASSERT_EQ(tern::codec::not_digits_in_words<Minus>(text.data()), wanted) << text;
}

TEST(JsonDigits, AreFoundAmongAllBytesWithAndWithoutVectors) {
  std::mt19937 random(1);
  for (int byte = 0; byte < 256; ++byte) {
    for (std::size_t at = 0; at < 16; ++at) {
      std::string text = some_text(random, 16);
      text[at] = static_cast<char>(byte);
      expect_digits_are_found<false>(text);
      expect_digits_are_found<true>(text);
    }
  }
}

template <bool Minus>
void expect_digits_are_found_before_the_end(const std::string& text) {
  constexpr std::size_t kBefore = 16;
  std::uint64_t wanted = 0;
  for (std::size_t i = 0; i < 64; ++i) {
    if (kBefore + i >= text.size() || !counts_as_digit(text[kBefore + i], Minus)) {
      wanted |= std::uint64_t{1} << i;
    }
  }
  ASSERT_EQ(tern::codec::not_digits<Minus>(text.data() + kBefore, text.data() + text.size()),
            wanted)
      << text;
}

TEST(JsonDigits, EndWithTheText) {
  std::mt19937 random(2);
  for (std::size_t size = 0; size < 80; ++size) {
    for (int round = 0; round < 20; ++round) {
      const std::string text = some_text(random, 16 + size);
      expect_digits_are_found_before_the_end<false>(text);
      expect_digits_are_found_before_the_end<true>(text);
    }
  }
}

TEST(JsonDigits, FormTheNumberOfAsManyAsAreAskedFor) {
  const std::string digits = "9876543210123456";
  for (unsigned count = 1; count <= 16; ++count) {
    const std::uint64_t wanted = std::stoull(digits.substr(16 - count));
    std::uint64_t number = 0;
    EXPECT_TRUE(tern::codec::digits_before(digits.data() + 16, count, number));
    EXPECT_EQ(number, wanted);
    if (count <= 8) {
      EXPECT_EQ(tern::codec::few_digits_before(digits.data() + 16, count), wanted);
    }
    for (unsigned at = 0; at < 16; ++at) {
      std::string bad = digits;
      bad[at] = '-';
      EXPECT_EQ(tern::codec::digits_before(bad.data() + 16, count, number), at < 16 - count);
    }
  }
}

// The number as the reader of single numbers has it: another way to the same answer.
template <typename T>
std::optional<T> alone(const std::string& text) {
  T value{};
  if (!decode_into(json(), text, value).ok()) return {};
  return value;
}

template <typename T>
void expect_as_alone(const std::string& before, const std::string& text, const std::string& after,
                     std::vector<T> first, const std::vector<T>& last) {
  const std::optional<T> number = alone<T>(text);
  // A list that is new, and one that had as many elements.
  for (const std::size_t size : {std::size_t{0}, first.size() + 1 + last.size()}) {
    std::vector<T> values(size);
    const tern::Status status = decode_into(json(), before + text + after, values);
    ASSERT_EQ(status.ok(), number.has_value()) << before << text << after;
    if (!number) continue;
    std::vector<T> wanted = first;
    wanted.push_back(*number);
    wanted.insert(wanted.end(), last.begin(), last.end());
    ASSERT_EQ(values, wanted) << before << text << after;
  }
}

template <typename T>
void expect_in_every_place(const std::string& text) {
  for (std::size_t spaces = 0; spaces < 20; spaces += 19) {
    for (std::size_t count = 0; count < 40; ++count) {
      std::string before = std::string(spaces, ' ') + "[";
      for (std::size_t i = 0; i < count; ++i) before += "6,";
      const std::vector<T> first(count, 6);
      expect_as_alone<T>(before, text, "]", first, {});
      expect_as_alone<T>(before, text, ",4]", first, {4});
      expect_as_alone<T>(before, text, ", 4 ]", first, {4});
      expect_as_alone<T>(before, text, "," + std::string(70, ' ') + "5,4]", first, {5, 4});
    }
  }
}

TEST(JsonLists, TakeNumbersOfEachLengthInEachPlace) {
  for (const char first : {'1', '4', '9', '0'}) {
    for (std::size_t digits = 1; digits <= 21; ++digits) {
      const std::string text = first + std::string(digits - 1, '7');
      for (const std::string& number : {text, "-" + text}) {
        expect_in_every_place<std::int32_t>(number);
        expect_in_every_place<std::int64_t>(number);
        expect_in_every_place<std::uint32_t>(number);
        expect_in_every_place<std::uint64_t>(number);
      }
    }
  }
}

TEST(JsonLists, TakeTheLargestAndTheSmallestNumbers) {
  for (const char* text : {"2147483647", "2147483648", "-2147483648", "-2147483649", "4294967295",
                           "4294967296", "9223372036854775807", "9223372036854775808",
                           "-9223372036854775808", "-9223372036854775809", "18446744073709551615",
                           "18446744073709551616", "-0", "-", "--1", "null", "\"12\""}) {
    expect_in_every_place<std::int32_t>(text);
    expect_in_every_place<std::int64_t>(text);
    expect_in_every_place<std::uint32_t>(text);
    expect_in_every_place<std::uint64_t>(text);
  }
}

TEST(JsonLists, RefuseWhatIsNoDigitInEachPlaceOfANumber) {
  for (const bool minus : {false, true}) {
    // Of the numbers before, a minus decides how the rest is read.
    const std::string before = std::string("[7,7,7,7,7,7,7,7,7,") + (minus ? "-7," : "7,");
    std::vector<std::int64_t> first(10, 7);
    if (minus) first.back() = -7;
    for (std::size_t digits = 1; digits <= 17; ++digits) {
      for (std::size_t at = 0; at < digits; ++at) {
        for (int byte = 1; byte < 256; ++byte) {
          const char c = static_cast<char>(byte);
          if (c == ',' || c == ']') continue;
          std::string text(digits, '5');
          text[at] = c;
          // A space alone is no number, here as there.
          expect_as_alone<std::int64_t>(before, text, ",5]", first, {5});
        }
      }
    }
  }
}

TEST(JsonLists, CutAnywhereAreRefused) {
  std::string text = "[";
  for (int i = 0; i < 30; ++i) text += (i % 7 == 3 ? "-" : "") + std::to_string(i * i * 977) + ",";
  text += " 1]";
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_NE(decode_failure<std::vector<std::int32_t>>(json(), text.substr(0, size)), "") << size;
  }
  EXPECT_EQ(decode_failure<std::vector<std::int32_t>>(json(), text), "");
}

// ---- keys

std::string object_of(const std::string& key, const std::string& value) {
  return "{\"" + key + "\":" + value + "}";
}

TEST(JsonKeys, OfEachLengthAreRead) {
  Keys all;
  for (std::size_t i = 0; i < Keys::kFields.size(); ++i) {
    all.values[i] = static_cast<std::int64_t>(i) + 1;
    Keys one;
    one.values[i] = 5;
    const std::string name(Keys::kFields[i].name);
    EXPECT_EQ(decode<Keys>(json(), object_of(name, "5")), one) << name;
    EXPECT_EQ(decode<Keys>(json(), "{ \"" + name + "\" : 5 }"), one) << name;
    EXPECT_EQ(decode<Keys>(json(), object_of(name, "null")), Keys()) << name;
  }
  EXPECT_EQ(decode<Keys>(json(), encode(json(), all)), all);
}

// In order, so that the key that is compared is the one that is likeliest.
TEST(JsonKeys, ThatDifferInOneLetterAreOthers) {
  for (std::size_t i = 0; i < Keys::kFields.size(); ++i) {
    std::string before = "{";
    Keys wanted;
    for (std::size_t k = 0; k < i; ++k) {
      before += "\"" + std::string(Keys::kFields[k].name) + "\":9,";
      wanted.values[k] = 9;
    }
    const std::string name(Keys::kFields[i].name);
    for (std::size_t at = 0; at < name.size(); ++at) {
      std::string other = name;
      other[at] = '~';
      EXPECT_EQ(decode<Keys>(json(), before + object_of(other, "5").substr(1)), wanted) << other;
    }
    for (const std::string& other : {name + "x", "x" + name}) {
      EXPECT_EQ(decode<Keys>(json(), before + object_of(other, "5").substr(1)), wanted) << other;
    }
  }
}

TEST(JsonKeys, CutAnywhereAreRefused) {
  Keys all;
  const std::string text = encode(json(), all);
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_NE(decode_failure<Keys>(json(), text.substr(0, size)), "") << size;
  }
}

}  // namespace
}  // namespace sample

template const tern::TypeOps& tern::type_ops<sample::Keys>() noexcept;
