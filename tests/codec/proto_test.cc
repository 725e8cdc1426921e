// Protobuf: bytes as protobuf.dev/programming-guides/encoding has them.
#include <limits>
#include <string>

#include "codec_testing.h"
#include "sample_messages.h"

namespace sample {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const tern::Codec& proto() {
  return tern::proto_codec();
}
template <typename T>
std::string bytes_of(const T& value) {
  return hex(tern::as_bytes(encode(proto(), value)));
}
template <typename T>
T read(std::string_view bytes) {
  return decode<T>(proto(), unhex(bytes));
}
template <typename T>
std::string failure(std::string_view bytes) {
  return decode_failure<T>(proto(), unhex(bytes));
}

// --- Writing ---

TEST(Proto, WritesFieldsInOrderOfNumberAndLeavesOutZeros) {
  EXPECT_EQ(bytes_of(Args(150, 0)), "08 96 01");
  EXPECT_EQ(bytes_of(Args(0, 1)), "10 01");
  EXPECT_EQ(bytes_of(Args()), "");
  Sparse sparse;
  sparse.four = 1;
  sparse.last = 0;
  EXPECT_EQ(bytes_of(sparse), "20 01 c0 3e 00") << "an optional is written if it is there";
}

TEST(Proto, WritesFieldsThatHaveADefaultAlways) {
  Scalars zeros;
  zeros.flag = false;
  zeros.small = 0;
  zeros.real = 0;
  zeros.text.clear();
  zeros.color = Color::kRed;
  EXPECT_EQ(bytes_of(zeros), "08 00 10 00 39 00 00 00 00 00 00 00 00 42 00 52 00 5a 00 60 00");
  EXPECT_EQ(decode<Scalars>(proto(), encode(proto(), zeros)), zeros);
  EXPECT_EQ(read<Scalars>(""), Scalars()) << "what is not sent has its default";
}

TEST(Proto, WritesNegativeNumbersWithAllTheirBits) {
  EXPECT_EQ(bytes_of(Point(-1, 0)), "08 ff ff ff ff ff ff ff ff ff 01");
  EXPECT_EQ(bytes_of(Args(-2, 0)), "08 fe ff ff ff ff ff ff ff ff 01");
}

TEST(Proto, WritesMinusZeroWhichIsNotZero) {
  EXPECT_EQ(bytes_of(-0.0), "09 00 00 00 00 00 00 00 80");
  EXPECT_EQ(bytes_of(0.0), "");
}

TEST(Proto, WritesNumbersOfAListTogetherAndOthersOneByOne) {
  Containers value;
  value.smalls = {3, 270, -1};
  value.texts = {"a", ""};
  value.points = {Point(1, 0), Point()};
  EXPECT_EQ(bytes_of(value),
            "12 0d 03 8e 02 ff ff ff ff ff ff ff ff ff 01 "  // smalls
            "2a 01 61 2a 00 "                                // texts
            "4a 02 08 01 4a 00");                            // points
}

TEST(Proto, PutsWhatHasNoFieldOfItsOwnIntoAMessageOfOneField) {
  Containers value;
  value.nested = {{1, 2}, {}};
  value.groups[7]["k"] = {Point(1, 2)};
  EXPECT_EQ(bytes_of(value),
            "52 04 0a 02 01 02 52 00 "                                    // nested
            "72 11 08 07 12 0d 0a 0b 0a 01 6b 12 06 0a 04 08 01 10 02");  // groups
  EXPECT_EQ(bytes_of(std::vector<std::int64_t>{1, 2}), "0a 02 01 02");
  EXPECT_EQ(bytes_of(std::int64_t{5}), "08 05");
  EXPECT_EQ(bytes_of(std::string("hi")), "0a 02 68 69");
}

TEST(Proto, WritesTimesAsProtobufsMessages) {
  using tern::Duration;
  using tern::Timestamp;
  EXPECT_EQ(bytes_of(Timestamp(Duration(1'500'000'000))), "08 01 10 80 ca b5 ee 01");
  EXPECT_EQ(bytes_of(Timestamp(Duration(-1))),
            "08 ff ff ff ff ff ff ff ff ff 01 10 ff 93 eb dc 03");
  EXPECT_EQ(bytes_of(Duration(-1)), "10 ff ff ff ff ff ff ff ff ff 01");
  for (const std::int64_t each :
       {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
    EXPECT_EQ(decode<Duration>(proto(), encode(proto(), Duration(each))), Duration(each));
    EXPECT_EQ(decode<Timestamp>(proto(), encode(proto(), Timestamp(Duration(each)))),
              Timestamp(Duration(each)));
  }
}

TEST(Proto, WritesTheLengthOfWhateverSize) {
  for (const std::size_t size : {126, 127, 128, 129, 16381, 16383, 16384, 16385, 2097152}) {
    Tree inner;
    inner.named[std::string(size, 'x')];
    Tree tree;
    tree.children.push_back(inner);
    const std::string bytes = encode(proto(), tree);
    EXPECT_EQ(decode<Tree>(proto(), bytes), tree) << size;
    Tree other;
    EXPECT_FALSE(decode_into(proto(), bytes.substr(0, bytes.size() - 1), other).ok()) << size;
  }
}

TEST(Proto, RefusesToWriteAStringThatIsNotUtf8) {
  Choices value;
  value.note = "a\xff";
  EXPECT_EQ(encode_failure(proto(), value), "field note is not UTF-8");
  value.note = std::string(40, 'a') + "\xc3\xbc";
  EXPECT_EQ(encode_failure(proto(), value), "");
}

// --- Reading what others write ---

TEST(Proto, ReadsFieldsInAnyOrderAndTheLastOfSeveral) {
  EXPECT_EQ(read<Args>("10 02 08 01"), Args(1, 2));
  EXPECT_EQ(read<Args>("08 01 08 07 10 02 08 03"), Args(3, 2));
  EXPECT_EQ(read<Args>("88 00 05"), Args(5, 0)) << "a tag that is longer than it need be";
  EXPECT_EQ(read<Args>("88 80 80 80 00 05"), Args(5, 0));
}

TEST(Proto, MergesAMessageThatComesTwice) {
  // center {x: 1}, radius, center {y: 2}
  const Circle circle = read<Circle>("0a 02 08 01 11 00 00 00 00 00 00 f8 3f 0a 02 10 02");
  EXPECT_EQ(circle, Circle(Point(1, 2), 1.5));
  const Choices same = read<Choices>("32 04 0a 02 08 01 32 04 0a 02 10 02");
  EXPECT_EQ(std::get<Circle>(same.body).center, Point(1, 2));
  EXPECT_EQ(std::get<Circle>(same.body).radius, 1) << "the default stays";
}

TEST(Proto, MergesATimeThatComesTwiceAsAnyMessage) {
  Scalars both;
  both.when = tern::Timestamp(tern::Duration(-1));
  std::string twice = encode(proto(), both);  // -1 second and 999,999,999 nanoseconds
  twice += unhex("52 02 10 05");
  EXPECT_EQ(decode<Scalars>(proto(), twice).when,
            tern::Timestamp(tern::Duration(-1'000'000'000 + 5)));
}

TEST(Proto, ReadsTheLastMemberOfAUnion) {
  const Choices value = read<Choices>("52 01 61 32 04 0a 02 08 01");  // label, then circle
  EXPECT_EQ(std::get<Circle>(value.body).center, Point(1, 0));
  const Choices back = read<Choices>("32 04 0a 02 08 01 52 01 61");
  EXPECT_EQ(std::get<std::string>(back.body), "a");
}

TEST(Proto, ReadsNumbersOfAListInBothForms) {
  const std::vector<std::int32_t> all{3, 270, 5, 6};
  EXPECT_EQ(read<Containers>("12 03 03 8e 02 12 02 05 06").smalls, all) << "two pieces";
  EXPECT_EQ(read<Containers>("10 03 10 8e 02 10 05 10 06").smalls, all) << "one by one";
  EXPECT_EQ(read<Containers>("12 03 03 8e 02 10 05 12 01 06").smalls, all) << "mixed";
  EXPECT_EQ(read<Containers>("22 08 00 00 00 00 00 00 f8 3f 21 00 00 00 00 00 00 00 40").reals,
            (std::vector<double>{1.5, 2}));
}

TEST(Proto, ReadsEntriesOfAMapThatLackSomethingOrHaveMore) {
  using Map = std::map<std::int32_t, std::string>;
  EXPECT_EQ(read<Containers>("62 00").names, (Map{{0, ""}}));
  EXPECT_EQ(read<Containers>("62 02 08 05").names, (Map{{5, ""}}));
  EXPECT_EQ(read<Containers>("62 03 12 01 61").names, (Map{{0, "a"}}));
  EXPECT_EQ(read<Containers>("62 05 12 01 61 08 05").names, (Map{{5, "a"}})) << "the value first";
  EXPECT_EQ(read<Containers>("62 07 08 05 18 09 12 01 61").names, (Map{{5, "a"}})) << "one more";
  EXPECT_EQ(read<Containers>("62 05 08 05 12 01 61 62 05 08 05 12 01 62").names, (Map{{5, "b"}}));
}

TEST(Proto, SkipsFieldsThatItDoesNotKnow) {
  EXPECT_EQ(read<Args>("18 96 01 08 01"), Args(1, 0)) << "a varint";
  EXPECT_EQ(read<Args>("19 01 02 03 04 05 06 07 08 08 01"), Args(1, 0)) << "8 bytes";
  EXPECT_EQ(read<Args>("1d 01 02 03 04 08 01"), Args(1, 0)) << "4 bytes";
  EXPECT_EQ(read<Args>("1a 02 ff ff 08 01"), Args(1, 0)) << "a length";
  EXPECT_EQ(read<Args>("1b 08 05 23 24 1c 08 01"), Args(1, 0)) << "a group with one inside";
  EXPECT_EQ(read<Args>("fa ff ff ff 0f 00 08 01"), Args(1, 0)) << "the largest number";
  EXPECT_EQ(read<Args>("0a 01 61 10 02"), Args(0, 2)) << "a number of ours in another type";
}

TEST(Proto, CutsNumbersToTheirType) {
  EXPECT_EQ(read<Point>("08 ff ff ff ff 1f"), Point(-1, 0));
  EXPECT_EQ(read<Containers>("0a 02 80 02").flags, std::vector<bool>{true});
  EXPECT_EQ(static_cast<int>(read<Containers>("42 01 63").colors.at(0)), 99) << "an open enum";
}

TEST(Proto, ReadsIntoAUsedMessageAsIntoANewOne) {
  Containers used;
  used.smalls = {1, 2, 3};
  used.points.resize(5);
  used.names = {{1, "x"}, {2, "y"}};
  used.texts = {"long enough to be on the heap, and stays"};
  Containers fresh;
  fresh.points = {Point(1, 0)};
  fresh.names = {{7, ""}};
  ASSERT_TRUE(decode_into(proto(), encode(proto(), fresh), used).ok());
  EXPECT_EQ(used, fresh);
}

// --- Refusing ---

TEST(Proto, RefusesWhatIsNoProtobuf) {
  EXPECT_EQ(failure<Args>("08"), "protobuf: at A: the message ends in the middle of a varint");
  EXPECT_EQ(failure<Args>("08 ff ff ff ff ff ff ff ff ff 02"),
            "protobuf: at A: a varint has more than 64 bits");
  EXPECT_EQ(failure<Args>("08 80 80 80 80 80 80 80 80 80 80 00"),
            "protobuf: at A: a varint has more than 64 bits");
  EXPECT_EQ(failure<Args>("00 01"), "protobuf: a field has number 0; expected 1 to 536870911");
  EXPECT_EQ(failure<Args>("80 80 80 80 10 01"),
            "protobuf: a field has number 536870912; expected 1 to 536870911");
  EXPECT_EQ(failure<Args>("88 80 80 80 80 00 05"), "protobuf: a tag has more than 5 bytes");
  EXPECT_EQ(failure<Choices>("0a 81 80 80 80 80 00 61"),
            "protobuf: at note: a length has more than 5 bytes");
  EXPECT_EQ(failure<Args>("0e"), "protobuf: field 1 has wire type 6; expected 0 to 5");
  EXPECT_EQ(failure<Args>("1c"),
            "protobuf: the end of a group, field 3, came where none has begun");
  EXPECT_EQ(failure<Args>("1b 24"),
            "protobuf: the end of a group, field 4, came where none has begun");
  EXPECT_EQ(failure<Args>("1b 08 05"), "protobuf: the message ends in the middle of a group");
  EXPECT_EQ(failure<Args>("1a 05 61"), "protobuf: the message ends in the middle of a value");
  EXPECT_EQ(failure<Containers>("22 03 00 00 00"),
            "protobuf: at reals: 3 bytes do not divide into elements of 8 bytes");
  EXPECT_EQ(failure<Containers>("4a 03 08 01 08"),
            "protobuf: at points.x: the message ends in the middle of a varint");
  EXPECT_EQ(failure<Choices>("0a 01 ff"), "protobuf: at note: a string that is not UTF-8");
  EXPECT_THAT(failure<tern::Timestamp>("08 ff ff ff ff ff ff ff ff 7f"),
              StartsWith("protobuf: a timestamp of 9223372036854775807 seconds"));
}

TEST(Proto, RefusesEveryTruncationThatEndsInsideAValue) {
  Tree tree;
  tree.value = 300;
  tree.children.resize(2);
  tree.children[0].value = -1;
  tree.named["name"].value = 7;
  const std::string whole = encode(proto(), tree);
  int refused = 0;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    Tree cut;
    refused += decode_into(proto(), whole.substr(0, size), cut).ok() ? 0 : 1;
  }
  // The others end between two fields.
  EXPECT_EQ(refused, static_cast<int>(whole.size()) - 4);
}

TEST(Proto, CountsLevelsOfMessagesAndOfGroupsThatItSkips) {
  tern::DecodeLimits limits;
  limits.depth = 3;
  Tree tree;
  EXPECT_TRUE(decode_into(proto(), unhex("12 02 12 00"), tree, limits).ok());
  EXPECT_THAT(decode_into(proto(), unhex("12 04 12 02 12 00"), tree, limits).message(),
              HasSubstr("at next.next.next: lies too deep"));
  EXPECT_TRUE(decode_into(proto(), unhex("7b 7b 7c 7c"), tree, limits).ok());
  EXPECT_THAT(decode_into(proto(), unhex("7b 7b 7b 7c 7c 7c"), tree, limits).message(),
              HasSubstr("lies too deep"));
}

TEST(Proto, BoundsTheMemoryThatFewBytesTake) {
  tern::DecodeLimits limits;
  limits.decode_overhead_bytes = 1000;
  std::string empty_points;
  for (int i = 0; i < 100; ++i) empty_points += unhex("4a 00");
  Containers value;
  EXPECT_TRUE(decode_into(proto(), empty_points, value, limits).ok());
  std::string empty_trees;
  for (int i = 0; i < 100; ++i) empty_trees += unhex("1a 00");
  Tree tree;
  EXPECT_THAT(decode_into(proto(), empty_trees, tree, limits).message(),
              HasSubstr("Limits::decode_overhead_bytes"));
}

}  // namespace
}  // namespace sample
