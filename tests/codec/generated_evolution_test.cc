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

INSTANTIATE_TEST_SUITE_P(Codecs, GeneratedEvolution, every_codec(), which_name);

}  // namespace
}  // namespace sample
