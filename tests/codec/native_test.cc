// The native codec: bytes as docs/codecs.md, "Native codec", has them.
#include "codec_testing.h"
#include "sample_messages.h"
#include "versions.h"

namespace sample {
namespace {

using testing::HasSubstr;

std::string text_bytes(std::string_view text) {
  return std::string(text);
}

Scalars scalars() {
  Scalars value;
  value.flag = true;
  value.small = -2;
  value.big = 0x0102030405060708;
  value.usmall = 0xfffffffe;
  value.ubig = 0xfffffffffffffffe;
  value.single = 1.5f;
  value.real = -0.0;
  value.text = "hi";
  value.raw = {std::byte{0}, std::byte{255}, std::byte{7}};
  value.when = tern::Timestamp(tern::Duration(-1));
  value.took = tern::Duration(1);
  value.color = Color::kBlue;
  return value;
}

TEST(Native, WritesAMessageAsHeaderAndValuesInOrderOfNumber) {
  EXPECT_EQ(hex(tern::as_bytes(encode(native(), Args(7, -2)))),
            "01 0a "                     // one byte of header: two fields of 8 bytes
            "07 00 00 00 00 00 00 00 "   // A
            "fe ff ff ff ff ff ff ff");  // B
}

TEST(Native, WritesEachScalarLittleEndian) {
  EXPECT_EQ(hex(tern::as_bytes(encode(native(), scalars()))),
            "03 65 e6 6b "              // fields 1 to 12
            "01 00 00 00 "              // flag
            "fe ff ff ff "              // small
            "08 07 06 05 04 03 02 01 "  // big
            "fe ff ff ff "              // usmall
            "fe ff ff ff ff ff ff ff "  // ubig
            "00 00 c0 3f "              // single
            "00 00 00 00 00 00 00 80 "  // real
            "02 00 00 00 68 69 "        // text
            "03 00 00 00 00 ff 07 "     // raw
            "ff ff ff ff ff ff ff ff "  // when
            "01 00 00 00 00 00 00 00 "  // took
            "f9 ff ff ff");             // Colour
}

TEST(Native, DoesNotCheckThatAStringIsUtf8) {
  const std::string text = "\xff\xfe";
  EXPECT_EQ(decode<std::string>(native(), encode(native(), text)), text);
}

TEST(Native, WritesOptionalsAndUnionMembersOnlyWhenSet) {
  Choices value;
  value.id = 1;
  EXPECT_EQ(hex(tern::as_bytes(encode(native(), value))),
            "05 00 80 00 00 00 01 00 00 00 00 00 00 00");
  value.count = 5;
  value.body.emplace<2>(2.0);
  EXPECT_EQ(hex(tern::as_bytes(encode(native(), value))),
            "05 04 a0 00 00 00 "         // 2: four bytes; 7 and 8: eight
            "05 00 00 00 "               // count
            "00 00 00 00 00 00 00 40 "   // square
            "01 00 00 00 00 00 00 00");  // id
}

TEST(Native, CopiesListsOfScalarsWholeAndCountsOthers) {
  EXPECT_EQ(hex(tern::as_bytes(encode(native(), std::vector<std::int32_t>{1, -1}))),
            "01 00 00 00 ff ff ff ff");
  EXPECT_EQ(hex(tern::as_bytes(encode(native(), std::vector<bool>{true, false, true}))),
            "01 00 01");
  EXPECT_EQ(hex(tern::as_bytes(encode(native(), std::vector<std::string>{"a", ""}))),
            "02 00 00 00 01 00 00 00 61 00 00 00 00");
  EXPECT_EQ(hex(tern::as_bytes(encode(native(), std::vector<Empty>(2)))),
            "02 00 00 00 01 00 00 00 00 01 00 00 00 00");
}

TEST(Native, WritesMapsAsCountAndPairs) {
  EXPECT_EQ(hex(tern::as_bytes(encode(native(), std::map<std::int32_t, std::string>{{7, "x"}}))),
            "01 00 00 00 07 00 00 00 01 00 00 00 78");
  EXPECT_EQ(hex(tern::as_bytes(encode(native(), std::map<std::uint64_t, bool>{{1, true}}))),
            "01 00 00 00 01 00 00 00 00 00 00 00 01 00 00 00");
}

TEST(Native, WritesOtherTypesAtTheTopWithoutALength) {
  EXPECT_EQ(hex(tern::as_bytes(encode(native(), std::int64_t{-2}))), "fe ff ff ff ff ff ff ff");
  EXPECT_EQ(hex(tern::as_bytes(encode(native(), true))), "01 00 00 00");
  EXPECT_EQ(hex(tern::as_bytes(encode(native(), Color::kGreen))), "01 00 00 00");
  EXPECT_EQ(encode(native(), text_bytes("hello")), "hello");
  EXPECT_EQ(hex(tern::as_bytes(encode(native(), tern::Nothing()))), "00");
}

TEST(Native, HasAHeaderUpToTheHighestNumber) {
  Sparse value;
  value.last = 1;
  const std::string bytes = encode(native(), value);
  EXPECT_EQ(bytes.size(), 1 + 250 + 4 + 4 + 8u);
  EXPECT_EQ(decode<Sparse>(native(), bytes), value);
}

TEST(Native, ReadsWhatItWrites) {
  EXPECT_EQ(decode<Scalars>(native(), encode(native(), scalars())), scalars());
  EXPECT_EQ(decode<std::string>(native(), ""), "");
  EXPECT_EQ(decode<Color>(native(), encode(native(), static_cast<Color>(99))),
            static_cast<Color>(99));
}

TEST(Native, GivesFieldsThatAreNotThereTheirDefault) {
  Scalars value = scalars();
  ASSERT_TRUE(decode_into(native(), unhex("00"), value).ok());
  EXPECT_EQ(value, Scalars());
}

TEST(Native, UsesTheMemoryOfAMessageThatItReadsInto) {
  Containers value;
  value.texts = {std::string(100, 'a'), std::string(200, 'b')};
  value.smalls.assign(1000, 1);
  value.names[1] = std::string(300, 'c');
  const std::string bytes = encode(native(), value);
  const char* text = value.texts[1].data();
  const std::int32_t* smalls = value.smalls.data();
  const char* name = value.names[1].data();
  ASSERT_TRUE(decode_into(native(), bytes, value).ok());
  EXPECT_EQ(value.texts[1].data(), text);
  EXPECT_EQ(value.smalls.data(), smalls);
  EXPECT_EQ(value.names[1].data(), name);
}

TEST(Native, ForgetsWhatTheMessageHeldBefore) {
  Containers full;
  full.texts = {"a", "b", "c"};
  full.smalls = {1, 2, 3};
  full.flags = {true, true};
  full.names = {{1, "x"}, {2, "y"}};
  full.points = {{1, 2}};
  Containers small;
  small.texts = {"z"};
  small.names = {{9, "q"}};
  ASSERT_TRUE(decode_into(native(), encode(native(), small), full).ok());
  EXPECT_EQ(full, small);
}

TEST(Native, LeavesAUnionThatIsNotSentUnset) {
  Choices value;
  value.body.emplace<3>("label");
  value.more.emplace<1>(4);
  value.note = "note";
  ASSERT_TRUE(decode_into(native(), encode(native(), Choices()), value).ok());
  EXPECT_EQ(value, Choices());
}

TEST(Native, TakesTheLastOfEqualKeys) {
  const auto map = decode<std::map<std::int32_t, std::string>>(
      native(), unhex("02 00 00 00 07 00 00 00 01 00 00 00 78 07 00 00 00 01 00 00 00 79"));
  EXPECT_THAT(map, testing::ElementsAre(testing::Pair(7, "y")));
}

struct Refused {
  const char* what;
  const char* bytes;
  const char* text;
};

TEST(Native, SaysWhatAMessageLacks) {
  const Refused table[] = {
      {"nothing", "", "message arith.Args needs 1 byte more than the frame has"},
      {"header", "05 0a", "message arith.Args needs 4 bytes more than the frame has"},
      {"value", "01 0a 01 02 03",
       "message arith.Args, field A, needs 5 bytes more than the frame "
       "has"},
      {"rest", "01 02 01 02 03 04 05 06 07 08 09",
       "message arith.Args ends 1 byte before its frame does"},
      {"class", "01 01 01 02 03 04",
       "message arith.Args, field A (1): the sender wrote 4 bytes; this program expects 8 bytes"},
      {"unknown", "02 00 03 ff ff 00 00 01",
       "message arith.Args needs 65534 bytes more than the frame has"},
  };
  for (const Refused& row : table) {
    EXPECT_EQ(decode_failure<Args>(native(), unhex(row.bytes)), row.text) << row.what;
  }
}

TEST(Native, RefusesListsAndMapsThatDoNotAddUp) {
  EXPECT_EQ(decode_failure<std::vector<std::int32_t>>(native(), "12345"),
            "list<int32>: 5 bytes do not divide into elements of 4 bytes");
  EXPECT_EQ(decode_failure<std::vector<std::string>>(native(), unhex("02 00 00 00 00 00 00 00")),
            "list<string> announces 2 elements; they do not fit in the 4 bytes that follow");
  EXPECT_EQ(decode_failure<std::vector<std::string>>(native(), unhex("01 00 00 00 05 00 00 00 61")),
            "list<string> needs 4 bytes more than the frame has");
  EXPECT_EQ(decode_failure<std::vector<std::string>>(native(), unhex("00 00 00 00 61")),
            "list<string> ends 1 byte before its frame does");
  EXPECT_EQ((decode_failure<std::map<std::int32_t, std::string>>(native(), "12")),
            "map<int32, string> needs 2 bytes more than the frame has");
  EXPECT_EQ(decode_failure<std::int64_t>(native(), "1234"),
            "int64 takes 8 bytes; the frame has 4 bytes");
}

TEST(Native, NamesTheFieldThatIsOfAnotherKind) {
  EXPECT_THAT(
      decode_failure<other_version::Event>(native(), encode(native(), old_version::Event())),
      HasSubstr("field id (1): the sender wrote 8 bytes; this program expects a length and "
                "that many bytes"));
  EXPECT_THAT(
      decode_failure<old_version::Event>(native(), encode(native(), other_version::Event())),
      HasSubstr("field id (1)"));
}

TEST(Native, ChecksTheClassOfAnOptionalAndOfAUnionMember) {
  // Header as Choices writes it; the bits of field 2, then of 7, say "8 bytes" and "4 bytes".
  EXPECT_THAT(decode_failure<Choices>(native(), unhex("05 08 80 00 00 00 01 00 00 00 00 00 00 00 "
                                                      "01 00 00 00 00 00 00 00")),
              HasSubstr("field count (2): the sender wrote 8 bytes"));
  EXPECT_THAT(decode_failure<Choices>(native(), unhex("05 00 90 00 00 00 01 00 00 00 01 00 00 00 "
                                                      "00 00 00 00")),
              HasSubstr("field square (7): the sender wrote 4 bytes"));
}

}  // namespace
}  // namespace sample
