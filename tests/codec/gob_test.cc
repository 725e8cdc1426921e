// gob: what docs/codecs.md says of it, type by type. gob_vectors_test has what Go wrote.
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "codec/gob_names.h"
#include "codec/gob_number.h"
#include "gob_messages.h"
#include "gob_stream.h"
#include "sample_messages.h"
#include "tern/walk.h"

namespace sample {
namespace {

using tern::codec::GobDecoder;
using tern::codec::GobEncoder;
using testing::HasSubstr;
using testing::StartsWith;

// The value's message of what `value` is sent as, behind its type's id.
template <typename T>
std::string value_bytes(const T& value) {
  const std::string stream = encode(gob(), value);
  GobReceiver receiver(stream);
  const tern::codec::GobMessage* message = receiver.receive();
  return message == nullptr ? "none" : hex(message->value);
}

template <typename To, typename From>
To over(const From& value) {
  return decode<To>(gob(), encode(gob(), value));
}
template <typename To, typename From>
std::string failure_over(const From& value) {
  return decode_failure<To>(gob(), encode(gob(), value));
}

// ---- numbers

std::string number_bytes(std::uint64_t value) {
  std::array<std::byte, tern::codec::kGobNumberBytes> bytes{};
  const std::byte* end = tern::codec::put_gob_uint(bytes.data(), value);
  const auto size = static_cast<std::size_t>(end - bytes.data());
  EXPECT_EQ(size, tern::codec::gob_uint_size(value)) << value;
  return hex({bytes.data(), size});
}

TEST(GobNumber, IsAByteOrACountAndBytes) {
  EXPECT_EQ(number_bytes(0), "00");
  EXPECT_EQ(number_bytes(127), "7f");
  EXPECT_EQ(number_bytes(128), "ff 80");
  EXPECT_EQ(number_bytes(255), "ff ff");
  EXPECT_EQ(number_bytes(256), "fe 01 00");
  EXPECT_EQ(number_bytes(UINT64_MAX >> 8), "f9 ff ff ff ff ff ff ff");
  EXPECT_EQ(number_bytes(UINT64_MAX), "f8 ff ff ff ff ff ff ff ff");
}

TEST(GobNumber, OfEachLengthIsReadBackAtTheEndOfTheBytesAndBeforeMore) {
  for (int bits = 0; bits < 64; ++bits) {
    for (const std::uint64_t value : {std::uint64_t{1} << bits, (std::uint64_t{1} << bits) - 1}) {
      for (const std::string_view behind : {"", "\x80\x80\x80\x80\x80\x80\x80\x80\x80"}) {
        std::string bytes = unhex(number_bytes(value));
        const std::size_t size = bytes.size();
        bytes += behind;
        const auto* begin = reinterpret_cast<const std::byte*>(bytes.data());
        std::uint64_t back = 0;
        const std::byte* at = tern::codec::take_gob_uint(begin, begin + bytes.size(), back);
        EXPECT_EQ(at, begin + size);
        EXPECT_EQ(back, value);
      }
    }
  }
}

TEST(GobNumber, ThatIsCutOrOfMoreThanEightBytesIsNone) {
  for (const std::string_view text : {"", "ff", "fe 01", "f8 01 02 03 04 05 06 07",
                                      "f7 01 02 03 04 05 06 07 08 09", "80 01 02"}) {
    const std::string bytes = unhex(text);
    const auto* begin = reinterpret_cast<const std::byte*>(bytes.data());
    std::uint64_t value = 0;
    EXPECT_EQ(tern::codec::take_gob_uint(begin, begin + bytes.size(), value), nullptr) << text;
  }
}

TEST(GobNumber, MayHaveMoreBytesThanItNeeds) {
  EXPECT_EQ(decode<std::int64_t>(gob(), unhex("07 04 00 fc 00 00 00 08")), 4);
}

TEST(GobNumbers, GoFromEachSizeToEachOtherThatHoldsThem) {
  EXPECT_EQ(over<std::int64_t>(std::int32_t{-5}), -5);
  EXPECT_EQ(over<std::int32_t>(std::int64_t{INT32_MIN}), INT32_MIN);
  EXPECT_EQ(over<std::uint32_t>(std::int64_t{UINT32_MAX}), UINT32_MAX);
  EXPECT_EQ(over<std::uint64_t>(std::int64_t{INT64_MAX}), std::uint64_t{INT64_MAX});
  EXPECT_EQ(over<std::int32_t>(std::uint64_t{7}), 7);
  EXPECT_EQ(over<tern::Duration>(std::int32_t{9}), tern::Duration(9));
  EXPECT_EQ(over<std::int64_t>(Color::kBlue), -7);
  EXPECT_EQ(over<Color>(std::uint32_t{1}), Color::kGreen);
  EXPECT_EQ(over<Color>(std::int64_t{99}), static_cast<Color>(99));
}

TEST(GobNumbers, ThatDoNotFitAreRefused) {
  EXPECT_EQ(failure_over<std::int32_t>(std::int64_t{INT32_MAX} + 1),
            "2147483648 does not fit in int32");
  EXPECT_EQ(failure_over<std::int32_t>(std::int64_t{INT32_MIN} - 1),
            "-2147483649 does not fit in int32");
  EXPECT_EQ(failure_over<std::uint32_t>(std::int32_t{-1}), "-1 does not fit in uint64");
  EXPECT_EQ(failure_over<std::uint32_t>(std::uint64_t{1} << 32),
            "4294967296 does not fit in uint32");
  EXPECT_EQ(failure_over<std::uint64_t>(std::int64_t{-1}), "-1 does not fit in uint64");
  EXPECT_EQ(failure_over<std::int64_t>(std::uint64_t{1} << 63),
            "9223372036854775808 does not fit in int64");
  EXPECT_EQ(failure_over<Color>(std::int64_t{INT32_MAX} + 1), "2147483648 does not fit in int32");
  EXPECT_EQ(failure_over<tern::Duration>(UINT64_MAX), "18446744073709551615 does not fit in int64");
  EXPECT_EQ(failure_over<std::vector<std::int32_t>>(std::vector<std::int64_t>{1, 1ll << 40}),
            "at [1]: 1099511627776 does not fit in int32");
}

TEST(GobNumbers, SayInWhichFieldTheyDoNotFit) {
  EXPECT_EQ(failure_over<Point>(go::Inner(1, 0, "")), "at x: expected int32, got float");
  EXPECT_EQ(failure_over<go::Misfit>(Args(1, 0)), "at A: expected string, got int");
  EXPECT_EQ(failure_over<go::Misfit>(Args(0, 1ll << 33)),
            "at b: 8589934592 does not fit in uint32");
}

TEST(GobFloats, KeepEveryBit) {
  for (const double real : {0.0, -0.0, 17.0, 1e300, 5e-324, std::numeric_limits<double>::infinity(),
                            -std::numeric_limits<double>::infinity()}) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(over<double>(real)), std::bit_cast<std::uint64_t>(real));
    Scalars in_a_message;
    in_a_message.real = real;
    EXPECT_EQ(std::bit_cast<std::uint64_t>(over<Scalars>(in_a_message).real),
              std::bit_cast<std::uint64_t>(real));
  }
  for (const std::uint32_t bits : {0x7fc00000u, 0x7f800001u, 0xffc12345u, 0x80000000u, 1u}) {
    EXPECT_EQ(std::bit_cast<std::uint32_t>(over<float>(std::bit_cast<float>(bits))), bits);
  }
  for (const std::uint64_t bits : {0x7ff8000000000000u, 0x7ff0000000000001u, 0xfff8123456789abcu}) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(over<double>(std::bit_cast<double>(bits))), bits);
  }
}

TEST(GobFloats, OfAFiniteDoubleBeyondFloatAreRefused) {
  EXPECT_THAT(failure_over<float>(1e39), HasSubstr("does not fit in float"));
  EXPECT_THAT(failure_over<float>(-1e300), HasSubstr("does not fit in float"));
  EXPECT_EQ(over<float>(std::numeric_limits<double>::infinity()),
            std::numeric_limits<float>::infinity());
  EXPECT_EQ(over<float>(double{std::numeric_limits<float>::max()}),
            std::numeric_limits<float>::max());
  EXPECT_TRUE(std::isnan(over<float>(std::bit_cast<double>(0x7ff0000000000001u))));
}

// ---- times

TEST(GobTime, IsGos) {
  // What Go made of time.Unix(5, 6).UTC(), time.Unix(-1, 999999999).UTC() and one in a zone.
  EXPECT_EQ(encode(gob(), tern::Timestamp(tern::Duration(5'000'000'006))),
            unhex("10 ff 81 05 01 01 04 54 69 6d 65 01 ff 82 00 00 00"
                  "13 ff 82 00 0f 01 00 00 00 0e 77 91 f7 05 00 00 00 06 ff ff"));
  GobReceiver receiver(
      unhex("0dff9d020102ff9e0001ff9c000010ff9b0501010454696d6501ff9c00000044ff9e00040f010000000000"
            "00000000"
            "000000ffff0f010000000e7791f70000000000ffff0f010000000e7791f6ff3b9ac9ffffff0f010000000e"
            "7791f701"
            "00000000ff88"));
  using Times = std::vector<tern::Timestamp>;
  // The first one is Go's zero time.
  EXPECT_EQ(receiver.read<Times>(),
            (Times{tern::Timestamp(), tern::Timestamp(), tern::Timestamp(tern::Duration(-1)),
                   tern::Timestamp(tern::Duration(1'000'000'000))}));
}

TEST(GobTime, OfVersionTwoHasSecondsOfItsZone) {
  GobReceiver receiver(
      unhex("1fff970301010354776f01ff9800010201014101ff9a0001014201ff9c00000018ff99010101085b345d69"
            "6e743136"
            "01ff9a0001040108000010ff9b0501010454696d6501ff9c0000001bff980104020406080110020000000e"
            "dd725a92"
            "00000005003c1e00"));
  go::Two two;
  two.b = tern::Timestamp(tern::Duration(1709204370'000'000'005));
  two.a = {1, 2, 3, 4};
  EXPECT_EQ(receiver.read<go::Two>(), two);
}

TEST(GobTime, HasTheWholeRangeAndNoMore) {
  for (const std::int64_t count : {INT64_MIN, INT64_MIN + 1, std::int64_t{-1}, std::int64_t{0},
                                   std::int64_t{1}, INT64_MAX - 1, INT64_MAX}) {
    const tern::Timestamp time{tern::Duration(count)};
    EXPECT_EQ(over<tern::Timestamp>(time), time) << count;
  }
  std::string stream = encode(gob(), tern::Timestamp(tern::Duration(INT64_MAX)));
  ++stream[stream.size() - 4];  // 256 ns later
  EXPECT_THAT(decode_failure<tern::Timestamp>(gob(), stream), HasSubstr("2262-04-11"));
}

TEST(GobTime, OfAnotherFormIsRefused) {
  std::string stream = encode(gob(), tern::Timestamp(tern::Duration(1)));
  const std::size_t version = stream.size() - 15;
  stream[version] = 3;
  EXPECT_EQ(decode_failure<tern::Timestamp>(gob(), stream),
            "expected version 1 or 2 of a time, got 3");
  stream[version] = 2;
  EXPECT_EQ(decode_failure<tern::Timestamp>(gob(), stream),
            "a time of version 2 has 16 bytes, got 15");
}

// ---- messages

TEST(GobMessage, LeavesOutZeroAndSendsZeroWhereTheDefaultIsAnother) {
  EXPECT_EQ(value_bytes(Args(0, 0)), "00");
  EXPECT_EQ(value_bytes(Args(0, 1)), "02 02 00");
  Scalars zero;
  zero.flag = false;
  zero.small = 0;
  zero.real = 0;
  zero.text.clear();
  zero.color = Color::kRed;
  // The time is not zero, since Go's zero is another.
  EXPECT_EQ(value_bytes(zero).size(), 3u * (1 + 16 + 1) - 1);
  EXPECT_EQ(over<Scalars>(zero), zero);
  Scalars reused;
  reused.raw.resize(3);
  ASSERT_TRUE(decode_into(gob(), encode(gob(), zero), reused).ok());
  EXPECT_EQ(reused, zero);
}

TEST(GobMessage, GetsDefaultsForWhatTheSenderDoesNotHave) {
  EXPECT_EQ(over<Scalars>(Empty()), Scalars());
  // "A" is there and left out, "b" is not: zero and the default.
  EXPECT_EQ(over<go::Misfit>(go::Numbers(1, 2)), go::Misfit());
}

TEST(GobMessage, ZeroOfAFieldOfAnotherTypeIsNoFailure) {
  // A is an int that was left out; ours is a string.
  go::Misfit expected;
  expected.b = 5;
  EXPECT_EQ(over<go::Misfit>(Args(0, 5)), expected);
}

TEST(GobMessage, KeepsOptionalsThatAreZero) {
  Choices choices;
  choices.note = "";
  choices.count = 0;
  choices.total = 0;
  choices.flag = false;
  choices.tags.emplace();
  choices.more.emplace<1>(0);
  EXPECT_EQ(over<Choices>(choices), choices);
  EXPECT_EQ(over<Choices>(Choices()), Choices());
}

TEST(GobMessage, WithTwoMembersOfAUnionIsRefused) {
  Choices one;
  one.body.emplace<2>(1.5);
  EXPECT_EQ(over<Choices>(one), one);
  std::string stream = encode(gob(), one);
  // Field 6 (square) of 1.5 is "06 fe f8 3f"; behind it field 9 (label), "x".
  const std::string square = unhex("06 fe f8 3f");
  ASSERT_TRUE(stream.ends_with(square + std::string(1, '\0')));
  stream.pop_back();
  stream += unhex("03 01 78 00");
  stream[stream.size() - 5 - square.size() - 2] =
      static_cast<char>(stream[stream.size() - 5 - square.size() - 2] + 3);
  EXPECT_THAT(decode_failure<Choices>(gob(), stream), StartsWith("at label: it is the second"));
}

TEST(GobNames, BeginWithACapitalAlsoWhereTheyWereGiven) {
  using tern::codec::gob_field_names;
  EXPECT_EQ(tern::codec::gob_field_names(*tern::type_ops<Point>().shape),
            (std::vector<std::string>{"X", "Y"}));
  EXPECT_EQ(tern::codec::gob_field_names(*tern::type_ops<Scalars>().shape).back(), "Colour");
  constexpr tern::FieldShape kFields[] = {
      {{1, "a"}}, {{2, "A"}}, {{3, "b", true}}, {{4, "_c"}}, {{5, "d e", true}}};
  tern::TypeShape shape;
  shape.fields = kFields;
  EXPECT_EQ(tern::codec::gob_field_names(shape),
            (std::vector<std::string>{"a", "A", "B", "_c", "D e"}));
}

TEST(GobNames, AreReadInBothSpellings) {
  constexpr tern::FieldShape kFields[] = {{{1, "first"}}, {{2, "Second"}}, {{3, "third", true}}};
  tern::TypeShape shape;
  shape.fields = kFields;
  const tern::codec::GobFieldIndex index(shape);
  EXPECT_EQ(index.find("First"), 0u);
  EXPECT_EQ(index.find("first"), 0u);
  EXPECT_EQ(index.find("Second"), 1u);
  EXPECT_EQ(index.find("second"), tern::codec::GobFieldIndex::kNone);
  EXPECT_EQ(index.find("third"), 2u);
  EXPECT_EQ(index.find("Third"), 2u);
  EXPECT_EQ(index.find(""), tern::codec::GobFieldIndex::kNone);
}

TEST(GobNames, ThatBelongToAnotherFieldFindThatOne) {
  constexpr tern::FieldShape kFields[] = {{{1, "same", true}}, {{2, "Same"}}};
  tern::TypeShape shape;
  shape.fields = kFields;
  const tern::codec::GobFieldIndex index(shape);
  EXPECT_EQ(index.find("same"), 0u);
  EXPECT_EQ(index.find("Same"), 1u);
}

TEST(GobNothing, IsAnEmptyStructAndIsMadeOfAnything) {
  EXPECT_EQ(encode(gob(), tern::Nothing()), unhex("0a ff 81 03 01 02 ff 82 00 00 00 03 ff 82 00"));
  EXPECT_EQ(over<tern::Nothing>(std::string("text")), tern::Nothing());
  EXPECT_EQ(over<tern::Nothing>(std::vector<std::int64_t>{1}), tern::Nothing());
}

}  // namespace
}  // namespace sample
