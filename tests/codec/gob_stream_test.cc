// Streams of gob: types under way, what Go has and we do not, and bytes cut anywhere.
#include <limits>

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
  tern::codec::GobEncoder encoder;
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
