// Members, elements and strings of JSON that protocols look at themselves.
#include "wire/json_members.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace tern {
namespace {

std::array<wire::JsonMember, 2> members() {
  return {{{"id"}, {"Seq"}}};
}

TEST(JsonMembers, GiveTheTextOfTheirValues) {
  auto found = members();
  EXPECT_EQ(wire::read_json_members(R"({ "id" : [1, "]"] ,"x":{},"seq":7})", found, 10).kind,
            wire::JsonObject::Kind::kRead);
  EXPECT_EQ(found[0].text, R"([1, "]"])");
  EXPECT_EQ(found[1].text, "7");
}

TEST(JsonMembers, AreFoundByEscapedNames) {
  auto found = members();
  EXPECT_EQ(wire::read_json_members(R"({"\u0069d":1})", found, 10).kind,
            wire::JsonObject::Kind::kRead);
  EXPECT_EQ(found[0].text, "1");
}

TEST(JsonMembers, AreRefusedIfTheyAreDuplicates) {
  for (const char* text : {R"({"id":1,"id":1})", R"({"id":1,"ID":1})", R"({"id":1,"i\u0064":2})"}) {
    auto found = members();
    wire::JsonObject object = wire::read_json_members(text, found, 10);
    EXPECT_EQ(object.kind, wire::JsonObject::Kind::kRepeated) << text;
    EXPECT_EQ(object.why.message(), "duplicate key \"id\"");
    EXPECT_EQ(found[0].text, "1");
  }
}

TEST(JsonMembers, AreOfAnObjectOnly) {
  for (const char* text : {"[]", "1", "null", "\"x\""}) {
    auto found = members();
    EXPECT_EQ(wire::read_json_members(text, found, 10).kind, wire::JsonObject::Kind::kNotObject)
        << text;
  }
}

TEST(JsonMembers, AreReadStrictly) {
  for (const char* text :
       {"", "{", "{id:1}", R"({"id":01})", R"({"id":1,})", R"({"id":1}x)", R"({"id":"\x"})",
        "{\"id\":\"\x01\"}", "{\"x\":\"\xff\"}", R"({"id" 1})", R"({"id":tru})", "[1",
        "\xef\xbb\xbf{}", R"({"x":[[[[[[[[[[[[]]]]]]]]]]]]})"}) {
    auto found = members();
    wire::JsonObject object = wire::read_json_members(text, found, 10);
    EXPECT_EQ(object.kind, wire::JsonObject::Kind::kNotJson) << text;
    EXPECT_FALSE(object.why.ok()) << text;
  }
}

TEST(JsonElements, ComeOneAfterAnother) {
  std::string_view rest = R"([ 1 ,"a,]" , [2,[3]],{"x":4} ])";
  std::vector<std::string_view> elements;
  for (;;) {
    std::string_view element = wire::next_json_element(rest);
    if (element.empty()) break;
    elements.push_back(element);
  }
  EXPECT_EQ(elements, (std::vector<std::string_view>{"1", R"("a,]")", "[2,[3]]", R"({"x":4})"}));
  EXPECT_EQ(rest, "");
}

TEST(JsonString, IsReadWithItsEscapes) {
  std::string scratch;
  std::string_view text;
  ASSERT_TRUE(wire::read_json_string(R"("plain")", scratch, text));
  EXPECT_EQ(text, "plain");
  ASSERT_TRUE(wire::read_json_string(R"("\u00e4\n")", scratch, text));
  EXPECT_EQ(text, "\xc3\xa4\n");
  EXPECT_FALSE(wire::read_json_string("7", scratch, text));
  EXPECT_FALSE(wire::read_json_string("", scratch, text));
  EXPECT_FALSE(wire::read_json_string(R"("\ud800")", scratch, text));
}

TEST(JsonString, IsWrittenWhateverTheTextIs) {
  Buffer out;
  wire::put_json_string("a\"\\\n\x01\xc3\xa4\xff\xfe", out);
  EXPECT_EQ(as_text(out.view()), "\"a\\\"\\\\\\n\\u0001\xc3\xa4\\ufffd\\ufffd\"");
}

}  // namespace
}  // namespace tern
