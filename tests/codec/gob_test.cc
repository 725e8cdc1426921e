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

TEST(GobNames, BeginWithACapitalUnlessTheyWereGiven) {
  using tern::codec::gob_field_names;
  EXPECT_EQ(gob_field_names(*tern::type_ops<Point>().shape), (std::vector<std::string>{"X", "Y"}));
  EXPECT_EQ(gob_field_names(*tern::type_ops<Scalars>().shape).back(), "Colour");
  constexpr tern::FieldShape kFields[] = {{{1, "a"}}, {{2, "A"}}, {{3, "b", true}}, {{4, "_c"}}};
  tern::TypeShape shape;
  shape.fields = kFields;
  EXPECT_EQ(gob_field_names(shape), (std::vector<std::string>{"a", "A", "b", "_c"}));
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
  EXPECT_EQ(index.find("Third"), tern::codec::GobFieldIndex::kNone);
  EXPECT_EQ(index.find(""), tern::codec::GobFieldIndex::kNone);
}

TEST(GobNothing, IsAnEmptyStructAndIsMadeOfAnything) {
  EXPECT_EQ(encode(gob(), tern::Nothing()), unhex("0a ff 81 03 01 02 ff 82 00 00 00 03 ff 82 00"));
  EXPECT_EQ(over<tern::Nothing>(std::string("text")), tern::Nothing());
  EXPECT_EQ(over<tern::Nothing>(std::vector<std::int64_t>{1}), tern::Nothing());
}

// ---- what Go has and we do not

// A Go struct of every kind of type that the language lacks, between A int8 = -7 and B uint16 = 8:
// complex, interfaces (one inside another, new types in both), array, GobEncoder, []byte by a name
// of its own, BinaryMarshaler, []float32, a map of interfaces with a nil, a pointer to itself.
constexpr std::string_view kOdd =
    "6aff81030101034f646401ff8200010c010141010400010143010e0001014901100001044e65737401100001034172"
    "7201ff8400010342696701ff860001024950010a00010355524c01ff88000102467301ff8a0001014d01ff8c000101"
    "5001ff8200010142010600000018ff83010101085b335d75696e743801ff84000106010600000aff85050102ff8e00"
    "00000aff87060102ff9000000014ff910301010855736572696e666f01ff9200000017ff89020101095b5d666c6f61"
    "74333201ff8a000108000027ff8b040101176d61705b737472696e675d696e74657266616365207b7d01ff8c00010c"
    "011000002cff82010d01fef03f4001096d61696e2e4c656166ff93030101044c65616601ff9400010101014e010400"
    "000025ff940301060001076d61696e2e496eff9503010102496e01ff96000101010156011000000067ff961f01076d"
    "61696e2e496eff961201096d61696e2e4c656166ff94030108000000010301020301020263010401020304010a6874"
    "74703a2f2f612f620101fef83f0102016e000178096d61696e2e4c656166ff94030102000101020403000000070200"
    "010800";

TEST(GobStranger, IsSkippedWhateverItIs) {
  const std::string odd = unhex(kOdd);
  EXPECT_EQ(decode<Empty>(gob(), odd), Empty());
  EXPECT_EQ(decode<Args>(gob(), odd), Args(-7, 8));
}

TEST(GobStranger, IsSkippedAtEverySplit) {
  const std::string odd = unhex(kOdd);
  for (std::size_t split = 0; split < odd.size(); ++split) {
    GobReceiver receiver(odd.substr(0, split));
    EXPECT_EQ(receiver.receive(), nullptr) << split;
    receiver.feed(odd.substr(split));
    EXPECT_EQ(receiver.read<Args>(), Args(-7, 8)) << split;
  }
}

TEST(GobStranger, ThatBreaksItsMessageIntoPiecesIsOneValue) {
  // []interface{}{Leaf{1}, nil, In{Leaf{2}}, 5}: Leaf and In are new, each ends a message.
  const std::string list = unhex(
      "0cffa1020102ffa2000110000026ffa20004096d61696e2e4c656166ff93030101044c65616601ff940001010101"
      "4e"
      "010400000025ff940301020000076d61696e2e496eff9503010102496e01ff9600010101015601100000001dff96"
      "12"
      "01096d61696e2e4c656166ff94030104000003696e740402000a");
  GobReceiver receiver(list + encode(gob(), Args(1, 2)));
  EXPECT_EQ(receiver.read<tern::Nothing>(), tern::Nothing());
  EXPECT_EQ(receiver.read<Args>(), Args(1, 2));
  // In{In{Leaf{4}}}, In{nil}, 7: a new type inside an interface inside an interface.
  GobReceiver nested(unhex(
      "16ff9503010102496e01ff9600010101015601100000003aff9601076d61696e2e496eff962301096d61696e2e4c"
      "65"
      "6166ff93030101044c65616601ff9400010101014e010400000007ff9403010800000003ff96000304000e"));
  EXPECT_EQ(nested.read<Args>(), Args());
  EXPECT_EQ(nested.read<Args>(), Args());
  EXPECT_EQ(nested.read<std::int64_t>(), 7);
}

TEST(GobStranger, ThatIsAnArrayIsAList) {
  EXPECT_EQ(decode<std::vector<std::int32_t>>(
                gob(), unhex("18ff99010101085b345d696e74313601ff9a0001040108000008ff9a0004020306"
                             "08")),
            (std::vector<std::int32_t>{1, -2, 3, 4}));
}

// ---- streams

TEST(GobStream, SendsATypeOnceAndOthersAsTheyCome) {
  GobSender sender;
  const std::string first = sender.send(Args(1, 2));
  const std::string again = sender.send(Args(1, 2));
  EXPECT_TRUE(first.ends_with(again));
  EXPECT_EQ(again, unhex("07 ff 82 01 02 01 04 00"));
  const std::string point = sender.send(std::vector<Point>{{1, 2}});
  EXPECT_THAT(hex(tern::as_bytes(point)), StartsWith("0d ff 83 02"));
  EXPECT_EQ(sender.send(Point(1, 2)), unhex("07 ff 86 01 02 01 04 00"));
  EXPECT_EQ(sender.send(true), unhex("03 02 00 01"));
}

TEST(GobStream, KeepsWhatItHasSaidWhenAValueFails) {
  static const tern::TypeOps ops = [] {
    tern::TypeOps failing = tern::type_ops<Circle>();
    failing.write = [](const void*, tern::ValueWriter& out) {
      (void)out.begin_struct(*tern::type_ops<Circle>().shape, 1);
      return out.fail("it cannot be written");
    };
    return failing;
  }();
  GobEncoder encoder;
  tern::Buffer out;
  const Args args(1, 2);
  ASSERT_TRUE(encoder.encode(tern::type_ops<Args>(), &args, out).ok());
  const std::string before(tern::as_text(out.view()));
  const Circle circle;
  EXPECT_EQ(encoder.encode(ops, &circle, out).message(), "it cannot be written");
  EXPECT_EQ(tern::as_text(out.view()), before);
  // Circle, and Point inside it, are still to be told.
  ASSERT_TRUE(encoder.encode(tern::type_ops<Circle>(), &circle, out).ok());
  const Point point(1, 2);
  ASSERT_TRUE(encoder.encode(tern::type_ops<Point>(), &point, out).ok());
  GobReceiver receiver(tern::as_text(out.view()));
  EXPECT_EQ(receiver.read<Args>(), args);
  EXPECT_EQ(receiver.read<Circle>(), circle);
  EXPECT_EQ(receiver.read<Point>(), point);
}

TEST(GobStream, HasMessagesOfEachLengthOfLength) {
  GobSender sender;
  GobReceiver receiver("");
  for (const std::size_t size : {0, 1, 120, 125, 126, 127, 128, 250, 255, 256, 70000, 20, 65530}) {
    const std::string text(size, 'x');
    receiver.feed(sender.send(text));
    EXPECT_EQ(receiver.read<std::string>(), text);
  }
  EXPECT_EQ(receiver.left(), 0u);
}

TEST(GobStream, TakesTypesUnderAnyIdsInAnyOrder) {
  // map[int32]Inner of the vectors: 71 is the map of 70, which comes after it here, before it
  // there.
  const std::string map = unhex("0fff8d040102ff8e00010401ff8c0000");
  const std::string inner =
      unhex("22ff8b030102ff8c00010301015801080001015901080001054c6162656c010c000000");
  const std::string value = unhex("10ff8e00010601fef83f01ffc001017000");
  using Map = std::map<std::int32_t, go::Inner>;
  const Map expected = {{3, go::Inner(1.5, -2, "p")}};
  EXPECT_EQ(decode<Map>(gob(), map + inner + value), expected);
  EXPECT_EQ(decode<Map>(gob(), inner + map + value), expected);
}

TEST(GobStream, MayDefineAFieldsTypeAfterValuesWithoutThatField) {
  // struct{A int; B T} without B, twice, then T, then B.
  const std::string outer =
      unhex("19 ff 81 03 01 02 ff 82 00 01 02 01 01 41 01 04 00 01 01 42 01 ff 84 00 00 00");
  const std::string just_a = unhex("05 ff 82 01 02 00");
  const std::string inner = unhex("0c ff 83 02 01 02 ff 84 00 01 0c 00 00");
  const std::string both = unhex("09 ff 82 01 02 01 01 01 78 00");
  GobReceiver receiver(outer + just_a + both);
  EXPECT_EQ(receiver.read<Args>(), Args(1, 0));
  Args args;
  EXPECT_EQ(receiver.read(args).message(), "at B: its type, number 66, is not defined");
  receiver.feed(inner + both + just_a);
  EXPECT_EQ(receiver.read(args).message(), "at B: expected int64, got list");
  EXPECT_EQ(receiver.read<Args>(), Args(1, 0));
}

TEST(GobStream, GoesOnAfterAValueThatDoesNotFit) {
  GobSender sender;
  std::string bytes = sender.send(Args(1, 2));
  bytes += sender.send(std::string("text"));
  bytes += sender.send(Args(3, 4));
  GobReceiver receiver(bytes);
  std::string text;
  EXPECT_EQ(receiver.read(text).message(), "expected string, got struct \"Args\"");
  Args args;
  EXPECT_EQ(receiver.read(args).message(), "expected arith.Args, got string");
  EXPECT_EQ(receiver.read<Args>(), Args(3, 4));
}

TEST(GobStream, ReadsPastAValueOverTheLimit) {
  GobSender sender;
  const std::string fits(90, 'a');
  const std::string long_text(5000, 'b');
  std::string bytes = sender.send(fits);
  bytes += sender.send(long_text);
  bytes += sender.send(fits);
  for (std::size_t step : {1, 7, 100000}) {
    GobReceiver receiver("", 1000);
    std::vector<std::string> got;
    std::size_t most = 0;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      receiver.feed(bytes.substr(at, step));
      most = std::max(most, receiver.left());
      while (receiver.receive() != nullptr) got.push_back("");
    }
    EXPECT_EQ(got.size(), 3u);
    EXPECT_EQ(receiver.left(), 0u);
    EXPECT_LE(most, step < 1000 ? 110u : bytes.size());
  }
}

TEST(GobStream, SaysHowManyBytesAMessageNeeds) {
  const std::string bytes = GobSender().send(Args(1, 2));
  GobReceiver receiver(bytes.substr(0, 10));
  EXPECT_EQ(receiver.receive(), nullptr);
  EXPECT_EQ(receiver.wanted(), 0x1fu);
}

TEST(GobStream, IsReadAtEverySplit) {
  GobSender sender;
  std::string bytes = sender.send(Args(1, 2));
  bytes += sender.send(std::string(200, 'x'));
  bytes += sender.send(Choices());
  for (std::size_t split = 0; split <= bytes.size(); ++split) {
    GobReceiver receiver(bytes.substr(0, split));
    int values = 0;
    while (receiver.receive() != nullptr) ++values;
    receiver.feed(bytes.substr(split));
    while (receiver.receive() != nullptr) ++values;
    EXPECT_EQ(values, 3) << split;
    EXPECT_EQ(receiver.why(), "");
  }
}

TEST(GobStream, RefusesBytesBehindAValue) {
  EXPECT_EQ(decode_failure<std::int64_t>(gob(), unhex("04 04 00 02 02")),
            "1 bytes follow the value in its message");
}

}  // namespace
}  // namespace sample
