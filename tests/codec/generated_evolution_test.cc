// What idl/README.md says of changes, in the generated code of before and after.
#include "after.rpc.h"
#include "before.rpc.h"
#include "every_codec.h"

namespace sample {
namespace {

namespace before = evolution::before;
namespace after = evolution::after;

class GeneratedEvolution : public testing::TestWithParam<Which> {
 protected:
  // Whether `to` reads what `from` has written.
  template <typename To, typename From>
  bool carry(const From& from, To& to) const {
    return decode_into(codec_of(GetParam()), encode(codec_of(GetParam()), from), to).ok();
  }
  // The others say what a value is, or check its text.
  bool takes_any_bytes() const {
    return GetParam() == Which::kNative || GetParam() == Which::kProto;
  }
};

TEST_P(GeneratedEvolution, TypesAndUnionsCanBeRenamedAndMoved) {
  before::Person person;
  person.place.city = "Bern";
  person.places.resize(2);
  person.places[1].city = "Basel";
  person.level = before::Level::High;
  person.set_office({"Biel"});
  after::Human human;
  ASSERT_TRUE(carry(person, human));
  EXPECT_EQ(human.place.city, "Bern");
  ASSERT_EQ(human.places.size(), 2u);
  EXPECT_EQ(human.places[1].city, "Basel");
  EXPECT_EQ(human.level, after::Grade::High);
  ASSERT_NE(human.office(), nullptr);
  EXPECT_EQ(human.office()->city, "Biel");
}

TEST_P(GeneratedEvolution, AStringIsBytesWhereNoTypeIsSent) {
  before::Texts text;
  text.note = "Gr\u00FC\u00DFe!";
  after::Texts bytes;
  const bool read = carry(text, bytes) && bytes.note.size() == text.note.size();
  EXPECT_EQ(read, takes_any_bytes());
  if (!takes_any_bytes()) return;
  before::Texts again;
  ASSERT_TRUE(carry(bytes, again));
  EXPECT_EQ(again, text);
}

after::Order new_order() {
  after::Order order;
  order.id = 7;
  order.first = {"tea", 2};
  order.lines = {{"milk", 3}, {"", 1}};
  order.note = "soon";
  order.taxes = {{"vat", 19}};
  order.total.emplace(after::Total{500, "EUR"});
  return order;
}

TEST_P(GeneratedEvolution, WhatAStructKeepsUnknownPassesThroughItInProtobuf) {
  const bool proto = GetParam() == Which::kProto;
  before::Order old;
  ASSERT_TRUE(carry(new_order(), old));
  EXPECT_EQ(old.lines.size(), 2u);
  EXPECT_NE(old.unknown_fields.empty(), proto);
  EXPECT_NE(old.first.unknown_fields.empty(), proto);
  EXPECT_NE(old.lines[1].unknown_fields.empty(), proto);
  old.id = 8;
  after::Order order;
  ASSERT_TRUE(carry(old, order));
  after::Order expected = new_order();
  expected.id = 8;
  expected.total->currency.clear();  // a Total keeps nothing
  if (!proto) {
    expected.note.clear();
    expected.taxes.clear();
    expected.first.count = 0;
    for (after::Line& line : expected.lines) line.count = 0;
  }
  EXPECT_EQ(order, expected);
}

TEST_P(GeneratedEvolution, AMessageThatIsUsedAgainKeepsNothingUnknown) {
  before::Order old;
  ASSERT_TRUE(
      decode_into(codec_of(Which::kProto), encode(codec_of(Which::kProto), new_order()), old).ok());
  EXPECT_FALSE(old.unknown_fields.empty());
  ASSERT_TRUE(carry(before::Order(), old));
  EXPECT_TRUE(old.unknown_fields.empty());
  EXPECT_TRUE(old.first.unknown_fields.empty());
  EXPECT_EQ(old, before::Order());
}

TEST(KeptUnknown, IsAsItCameBehindTheFieldsThatAreKnown) {
  const tern::Codec& proto = codec_of(Which::kProto);
  // 9: 1, 4: "x", id: 7, group 10 with 1: 5, and id in a form that is none.
  const std::string bytes = unhex("48 01 22 01 78 08 07 53 08 05 54 0d 01 00 00 00");
  const auto old = decode<before::Order>(proto, bytes);
  EXPECT_EQ(old.id, 7);
  EXPECT_EQ(hex(old.unknown_fields.bytes()), "48 01 22 01 78 53 08 05 54 0d 01 00 00 00");
  EXPECT_EQ(hex(tern::as_bytes(encode(proto, old))),
            "08 07 12 00 48 01 22 01 78 53 08 05 54 0d 01 00 00 00");
}

TEST(KeptUnknown, IsJoinedWhereAMessageComesTwice) {
  const tern::Codec& proto = codec_of(Which::kProto);
  const auto old =
      decode<before::Order>(proto, unhex("12 05 0a 01 61 10 02 20 05 12 05 10 03 0a 01 62"));
  EXPECT_EQ(old.first.item, "b");
  EXPECT_EQ(hex(old.first.unknown_fields.bytes()), "10 02 10 03");
  EXPECT_EQ(hex(old.unknown_fields.bytes()), "20 05");
  EXPECT_EQ(decode<after::Order>(proto, encode(proto, old)).first.count, 3);
}

TEST(KeptUnknown, IsPartOfTheValue) {
  before::Line one;
  before::Line other;
  EXPECT_EQ(one, other);
  other.unknown_fields.append(tern::as_bytes(std::string_view("\x10\x02")));
  EXPECT_NE(one, other);
  const before::Line copy = other;
  EXPECT_EQ(copy, other);
  other.unknown_fields.clear();
  EXPECT_EQ(one, other);
}

TEST(KeptUnknown, IsAllOrNothing) {
  const tern::Codec& proto = codec_of(Which::kProto);
  const std::string bytes = encode(proto, new_order());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    before::Order old;
    if (!decode_into(proto, bytes.substr(0, size), old).ok()) continue;
    EXPECT_TRUE(decode_into(proto, encode(proto, old), old).ok()) << size;
  }
}

INSTANTIATE_TEST_SUITE_P(Codecs, GeneratedEvolution, every_codec(), which_name);

}  // namespace
}  // namespace sample
