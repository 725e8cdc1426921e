// Numbers in JSON (docs/codecs.md, "Numbers").
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "codec/json_writer.h"
#include "codec_testing.h"

namespace sample {
namespace {

using testing::HasSubstr;

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

struct SignedRow {
  const char* text;
  std::optional<std::int64_t> value;  // none: refused
};

TEST(JsonIntegers, AreExactTo64BitsSigned) {
  const SignedRow table[] = {
      {"0", 0},
      {"-0", 0},
      {"1", 1},
      {"-1", -1},
      {"12345678", 12345678},
      {"123456789", 123456789},
      {"1234567890123456", 1234567890123456},
      {"12345678901234567", 12345678901234567},
      {"9007199254740993", 9007199254740993},
      {"-9007199254740993", -9007199254740993},
      {"9223372036854775807", kMax},
      {"-9223372036854775808", kMin},
      {"9223372036854775808", {}},
      {"-9223372036854775809", {}},
      {"18446744073709551615", {}},
      {"10000000000000000000000", {}},
      {"1.0", {}},
      {"1.5", {}},
      {"1e3", {}},
      {"1E0", {}},
      {"1e400", {}},
      {"01", {}},
      {"-01", {}},
      {"00", {}},
      {"+1", {}},
      {"--1", {}},
      {"-", {}},
      {"1a", {}},
      {"0x10", {}},
      {"1_000", {}},
      {"\"5\"", 5},
      {"\"-9223372036854775808\"", kMin},
      {"\"9223372036854775808\"", {}},
      {"\"\"", {}},
      {"\" 5\"", {}},
      {"\"+5\"", {}},
      {"\"05\"", {}},
      {"\"5.0\"", {}},
      {"\"five\"", {}},
      {"true", {}},
      {"[1]", {}},
      {"{}", {}},
      {"null", 0},
      {" 7 ", 7},
  };
  for (const SignedRow& row : table) {
    std::int64_t value = 99;
    const tern::Status status = decode_into(json(), row.text, value);
    EXPECT_EQ(status.ok(), row.value.has_value()) << row.text << ": " << status.to_string();
    if (status.ok() && row.value) {
      EXPECT_EQ(value, *row.value) << row.text;
    }
    // The same number with much text behind it, where it is read another way.
    const std::string list = "[" + std::string(row.text) + ",                          1]";
    EXPECT_EQ(decode_failure<std::vector<std::int64_t>>(json(), list).empty(),
              row.value.has_value())
        << list;
  }
}

// Lists go another way than single numbers, many characters at a time.
TEST(JsonLists, OfIntegersReadWhatTheyWrote) {
  std::mt19937_64 random(1);
  for (std::size_t size = 0; size < 200; ++size) {
    std::vector<std::int64_t> longs(size);
    std::vector<std::int32_t> ints(size);
    std::vector<std::uint32_t> unsigned_ints(size);
    for (std::size_t i = 0; i < size; ++i) {
      longs[i] = static_cast<std::int64_t>(random()) >> (random() % 64);
      ints[i] = static_cast<std::int32_t>(static_cast<std::int64_t>(random()) >> (32 + i % 32));
      unsigned_ints[i] = static_cast<std::uint32_t>(random() >> (32 + i % 32));
    }
    EXPECT_EQ(decode<std::vector<std::int64_t>>(json(), encode(json(), longs)), longs);
    EXPECT_EQ(decode<std::vector<std::int32_t>>(json(), encode(json(), ints)), ints);
    EXPECT_EQ(decode<std::vector<std::uint32_t>>(json(), encode(json(), unsigned_ints)),
              unsigned_ints);
  }
}

TEST(JsonLists, OfDoublesReadWhatTheyWrote) {
  std::mt19937_64 random(1);
  std::vector<double> values;
  for (int i = 0; i < 2000; ++i) {
    const auto digits = static_cast<double>(random() >> (random() % 64));
    values.push_back((i % 2 == 0 ? digits : -digits) / std::pow(10, random() % 22));
  }
  EXPECT_EQ(decode<std::vector<double>>(json(), encode(json(), values)), values);
}

// Wherever a number lies in the characters that are looked at together.
TEST(JsonLists, RefuseABadNumberInAnyPlace) {
  for (const char* bad : {"1-2", "--1", "-", "01", "-01", "1.5", "1e3", "1x", "1 2", ",", "+1",
                          "9223372036854775808", "-9223372036854775809", "[1]", "\xc3\xa9"}) {
    for (std::size_t before = 0; before < 80; ++before) {
      std::string text = "[";
      for (std::size_t i = 0; i < before; ++i) text += i % 3 == 0 ? "7," : "-12, ";
      text += bad;
      EXPECT_NE(decode_failure<std::vector<std::int64_t>>(json(), text + "]"), "") << text;
      EXPECT_NE(decode_failure<std::vector<std::int64_t>>(json(), text + ",5,6,7,8,9]"), "")
          << text;
    }
  }
}

TEST(JsonLists, SayAtWhichNumberTheyFailed) {
  std::string text = "[";
  for (int i = 0; i < 100; ++i) text += "123,";
  EXPECT_EQ(decode_failure<std::vector<std::int32_t>>(json(), text + "2147483648,1,2,3]"),
            "at [100]: 2147483648 does not fit in int32");
  EXPECT_EQ(decode_failure<std::vector<std::uint32_t>>(json(), text + "-1,1,2,3,4]"),
            "at [100]: -1 does not fit in uint32");
  EXPECT_EQ(decode_failure<std::vector<std::int32_t>>(json(), text),
            "at [100]: expected an integer, got the end of the text");
  EXPECT_EQ(encode_failure(json(), std::vector<double>{1, 2, std::nan("")}),
            "at [2]: NaN has no form in JSON");
}

TEST(JsonLists, TakeSpacesNullsAndQuotesAsNumbersAloneDo) {
  EXPECT_EQ(decode<std::vector<std::int64_t>>(
                json(), "[ 1 ,2,\n3 , \"4\",  5,null, -6, 7 ,-0,        12345678901234567]"),
            (std::vector<std::int64_t>{1, 2, 3, 4, 5, 0, -6, 7, 0, 12345678901234567}));
  EXPECT_EQ(decode<std::vector<double>>(json(), "[1.5 ,null,-0.25,1e2, 3]"),
            (std::vector<double>{1.5, 0, -0.25, 100, 3}));
  EXPECT_EQ(decode<std::vector<std::int32_t>>(json(), "null"), std::vector<std::int32_t>{});
}

TEST(JsonLists, TakeThePlaceOfWhatWasThere) {
  for (const std::size_t old : {0, 3, 70, 300}) {
    std::vector<std::int32_t> value(old, 9);
    std::string text = "[";
    for (int i = 0; i < 150; ++i) text += "1,";
    ASSERT_TRUE(decode_into(json(), text + "2]", value).ok());
    EXPECT_EQ(value.size(), 151u);
    EXPECT_EQ(std::count(value.begin(), value.end(), 1), 150);
  }
}

struct UnsignedRow {
  const char* text;
  std::optional<std::uint64_t> value;
};

TEST(JsonIntegers, AreExactTo64BitsUnsigned) {
  const UnsignedRow table[] = {
      {"0", 0u},
      {"-0", 0u},
      {"-1", {}},
      {"18446744073709551615", std::numeric_limits<std::uint64_t>::max()},
      {"18446744073709551616", {}},
      {"\"18446744073709551615\"", std::numeric_limits<std::uint64_t>::max()},
      {"9223372036854775808", std::uint64_t{1} << 63},
      {"1.0", {}},
      {"1e3", {}},
  };
  for (const UnsignedRow& row : table) {
    std::uint64_t value = 99;
    const tern::Status status = decode_into(json(), row.text, value);
    EXPECT_EQ(status.ok(), row.value.has_value()) << row.text << ": " << status.to_string();
    if (status.ok() && row.value) {
      EXPECT_EQ(value, *row.value) << row.text;
    }
  }
}

TEST(JsonIntegers, Of32BitsAreNotQuotedAndKeepTheirRange) {
  EXPECT_EQ(decode<std::int32_t>(json(), "-2147483648"), -2147483647 - 1);
  EXPECT_EQ(decode<std::uint32_t>(json(), "4294967295"), 4294967295u);
  EXPECT_EQ(decode_failure<std::int32_t>(json(), "2147483648"), "2147483648 does not fit in int32");
  EXPECT_EQ(decode_failure<std::uint32_t>(json(), "4294967296"),
            "4294967296 does not fit in uint32");
  EXPECT_EQ(decode_failure<std::uint32_t>(json(), "-1"), "-1 does not fit in uint32");
  EXPECT_EQ(decode_failure<std::int32_t>(json(), "99999999999999999999"),
            "99999999999999999999 does not fit in int32");
  EXPECT_EQ(decode_failure<std::int32_t>(json(), "\"5\""),
            R"(expected an integer, got string "5")");
}

TEST(JsonIntegers, SayWhatCameInstead) {
  EXPECT_EQ(decode_failure<std::int64_t>(json(), "1.0"), "expected an integer, got 1.0");
  EXPECT_EQ(decode_failure<std::int64_t>(json(), "1e3"), "expected an integer, got 1e3");
  EXPECT_EQ(decode_failure<std::int64_t>(json(), "9223372036854775808"),
            "9223372036854775808 does not fit in int64");
  EXPECT_EQ(decode_failure<std::uint64_t>(json(), "-1"), "-1 does not fit in uint64");
  EXPECT_EQ(decode_failure<std::int64_t>(json(), ""),
            "expected an integer, got the end of the text");
  EXPECT_THAT(decode_failure<std::int64_t>(json(), std::string(5000, '9')),
              testing::AllOf(HasSubstr("..."), HasSubstr("does not fit in int64")));
}

TEST(JsonIntegers, AreQuotedForJavaScriptWhenADoubleIsNotExact) {
  auto text = [](const auto& value) {
    tern::Buffer out;
    tern::codec::JsonWriter writer(out, tern::codec::LargeIntegers::kQuoted);
    using T = std::remove_cvref_t<decltype(value)>;
    EXPECT_TRUE(tern::type_ops<T>().write(&value, writer));
    return std::string(tern::as_text(out.view()));
  };
  EXPECT_EQ(text(std::int64_t{9007199254740991}), "9007199254740991");
  EXPECT_EQ(text(std::int64_t{9007199254740992}), "\"9007199254740992\"");
  EXPECT_EQ(text(std::int64_t{-9007199254740991}), "-9007199254740991");
  EXPECT_EQ(text(std::int64_t{-9007199254740992}), "\"-9007199254740992\"");
  EXPECT_EQ(text(std::numeric_limits<std::int64_t>::min()), "\"-9223372036854775808\"");
  EXPECT_EQ(text(std::uint64_t{9007199254740991}), "9007199254740991");
  EXPECT_EQ(text(std::numeric_limits<std::uint64_t>::max()), "\"18446744073709551615\"");
  std::vector<std::int64_t> list{1, std::numeric_limits<std::int64_t>::max(), 3};
  EXPECT_EQ(text(list), "[1,\"9223372036854775807\",3]");
  EXPECT_EQ(decode<std::vector<std::int64_t>>(json(), text(list)), list);
}

TEST(JsonDoubles, AreRoundedToTheNearest) {
  EXPECT_EQ(decode<double>(json(), "0.1"), 0.1);
  EXPECT_EQ(decode<double>(json(), "1e3"), 1000);
  EXPECT_EQ(decode<double>(json(), "5"), 5);
  EXPECT_EQ(decode<double>(json(), "1.7976931348623157e308"), std::numeric_limits<double>::max());
  EXPECT_EQ(decode<double>(json(), "2.2250738585072011e-308"), 2.2250738585072011e-308);
  EXPECT_EQ(decode<double>(json(), "5e-324"), std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(decode<double>(json(), "9007199254740993"), 9007199254740992.0);
  EXPECT_EQ(decode<double>(json(), "0.3000000000000000000000000000000000000000000001"), 0.3);
  EXPECT_EQ(decode<double>(json(), "123456789012345678901234567890"),
            123456789012345678901234567890.0);
  EXPECT_EQ(decode<double>(json(), "100000000000000000000000e-23"), 1);
  EXPECT_TRUE(std::signbit(decode<double>(json(), "-0")));
  EXPECT_TRUE(std::signbit(decode<double>(json(), "-0.0e5")));
}

TEST(JsonDoubles, TooSmallAreZeroAndTooLargeAreRefused) {
  EXPECT_EQ(decode<double>(json(), "1e-400"), 0);
  EXPECT_EQ(decode<double>(json(), "0." + std::string(400, '0') + "1"), 0);
  EXPECT_TRUE(std::signbit(decode<double>(json(), "-1e-9999999999999999999")));
  EXPECT_EQ(decode<double>(json(), "0e9999999999999999999"), 0);
  EXPECT_EQ(decode_failure<double>(json(), "1e400"),
            "expected a number within the range of double, got 1e400");
  EXPECT_NE(decode_failure<double>(json(), "-1e309"), "");
  EXPECT_NE(decode_failure<double>(json(), std::string(400, '9')), "");
  EXPECT_NE(decode_failure<double>(json(), "1e9999999999999999999"), "");
}

TEST(JsonDoubles, FollowTheGrammar) {
  for (const char* text : {"1.", ".5", "+1.0", "1e", "1e+", "1.e5", "01.5", "-.5", "Infinity",
                           "-Infinity", "NaN", "0x1p3", "1,5", "\"1.5\"", "--1.5", "1.5.5"}) {
    EXPECT_NE(decode_failure<double>(json(), text), "") << text;
  }
}

TEST(JsonFloats, AreRoundedOnce) {
  // Between two floats; through double it would go to the other one.
  EXPECT_EQ(decode<float>(json(), "1.00000017881393432617187499"), 1.0000001192092896f);
  EXPECT_EQ(decode<float>(json(), "1.00000017881393432617187501"), 1.0000002384185791f);
  EXPECT_EQ(decode<float>(json(), "3.4028235e38"), std::numeric_limits<float>::max());
  EXPECT_EQ(decode_failure<float>(json(), "3.5e38"),
            "expected a number within the range of float, got 3.5e38");
  EXPECT_EQ(decode<float>(json(), "1e-60"), 0);
}

}  // namespace
}  // namespace sample
