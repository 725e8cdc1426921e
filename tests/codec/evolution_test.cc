// Old and new programs reading each other, in every codec (docs/codecs.md, "Evolution").
#include "every_codec.h"
#include "versions.h"

namespace sample {
namespace {

class Evolution : public testing::TestWithParam<Which> {
 protected:
  const tern::Codec& codec() const { return codec_of(GetParam()); }
};

old_version::Event old_event() {
  old_version::Event event;
  event.id = 12;
  event.name = "start";
  event.level = 9;
  event.path = {{1, 2}, {3, 4}};
  event.kept = "yes";
  return event;
}

new_version::Event new_event() {
  new_version::Event event;
  event.id = 13;
  event.name = "stop";
  event.extra = -1;
  event.kept = "no";
  event.body.emplace<1>(Circle({5, 6}, 2.5));
  event.detail.text = "why";
  event.detail.points = {{7, 8}};
  event.details.resize(3);
  event.details[1].text = "second";
  event.by_name["a"].text = "A";
  event.count = 5;
  return event;
}

TEST_P(Evolution, ANewProgramReadsAnOldMessage) {
  new_version::Event expected;
  expected.id = 12;
  expected.name = "start";
  expected.kept = "yes";
  EXPECT_EQ(decode<new_version::Event>(codec(), encode(codec(), old_event())), expected);
}

TEST_P(Evolution, AFieldThatIsRenamedAndKeepsItsNameOnTheWireIsReadBothWays) {
  old_version::Named before;
  before.old = "there";
  new_version::Named after;
  after.fresh = "there";
  EXPECT_EQ(decode<new_version::Named>(codec(), encode(codec(), before)), after);
  EXPECT_EQ(decode<old_version::Named>(codec(), encode(codec(), after)), before);
}

TEST_P(Evolution, ANewProgramForgetsWhatAnOldMessageDoesNotSay) {
  new_version::Event event = new_event();
  ASSERT_TRUE(decode_into(codec(), encode(codec(), old_event()), event).ok());
  EXPECT_EQ(event, decode<new_version::Event>(codec(), encode(codec(), old_event())));
}

TEST_P(Evolution, AnOldProgramReadsANewMessage) {
  old_version::Event expected;
  expected.id = 13;
  expected.name = "stop";
  expected.kept = "no";
  EXPECT_EQ(decode<old_version::Event>(codec(), encode(codec(), new_event())), expected);
}

TEST_P(Evolution, AnOldProgramSkipsEachNewConstruct) {
  new_version::Event events[6];
  events[0].extra = 1;
  events[1].body.emplace<1>(Circle({1, 1}, 1));
  events[2].body.emplace<2>("label");
  events[3].detail.points.resize(10);
  events[4].details.resize(10);
  events[5].by_name["key"].points.resize(2);
  for (new_version::Event& event : events) {
    event.kept = "behind it";
    old_version::Event expected;
    expected.kept = event.kept;
    EXPECT_EQ(decode<old_version::Event>(codec(), encode(codec(), event)), expected);
  }
}

TEST_P(Evolution, AMessageOfNoFieldsReadsAnythingAndIsReadAsAllDefaults) {
  EXPECT_EQ(decode<Empty>(codec(), encode(codec(), new_event())), Empty());
  EXPECT_EQ(decode<tern::Nothing>(codec(), encode(codec(), old_event())), tern::Nothing());
  EXPECT_EQ(decode<new_version::Event>(codec(), encode(codec(), Empty())), new_version::Event());
}

TEST_P(Evolution, AStrangerSkipsFieldsOfEveryKind) {
  Scalars scalars;
  scalars.text = "text";
  Containers containers;
  containers.texts = {"a"};
  containers.groups[1]["x"] = {{1, 2}};
  Choices choices;
  choices.tags = {"t"};
  choices.body.emplace<3>("label");
  Tree tree;
  tree.next.emplace().value = 1;
  EXPECT_EQ(decode<Empty>(codec(), encode(codec(), scalars)), Empty());
  EXPECT_EQ(decode<Empty>(codec(), encode(codec(), containers)), Empty());
  EXPECT_EQ(decode<Empty>(codec(), encode(codec(), choices)), Empty());
  EXPECT_EQ(decode<Empty>(codec(), encode(codec(), tree)), Empty());
}

INSTANTIATE_TEST_SUITE_P(Codecs, Evolution, every_codec(), which_name);

}  // namespace
}  // namespace sample
