// The JSON codec: text as docs/codecs.md, "JSON", has it.
#include <cmath>
#include <limits>

#include "codec_testing.h"
#include "sample_messages.h"

namespace sample {
namespace {

using testing::HasSubstr;

TEST(Json, WritesAMessageAsAnObjectInOrderOfNumber) {
  EXPECT_EQ(encode(json(), Args(7, -8)), R"({"A":7,"B":-8})");
}

TEST(Json, WritesEachScalar) {
  Scalars value;
  value.flag = false;
  value.small = std::numeric_limits<std::int32_t>::min();
  value.big = std::numeric_limits<std::int64_t>::min();
  value.usmall = std::numeric_limits<std::uint32_t>::max();
  value.ubig = std::numeric_limits<std::uint64_t>::max();
  value.single = 0.1f;
  value.real = 0.1;
  value.text = "a\"b\\c\n\t\x01 \x7f/<\xc3\xa9\xf0\x9f\x98\x80";
  value.raw = {std::byte{0xff}, std::byte{0xfe}};
  value.when = tern::Timestamp(tern::Duration(1136214245000000001));
  value.took = tern::Duration(-1500);
  value.color = Color::kBlue;
  EXPECT_EQ(encode(json(), value),
            R"({"flag":false,"small":-2147483648,"big":-9223372036854775808,)"
            R"("usmall":4294967295,"ubig":18446744073709551615,"single":0.1,"real":0.1,)"
            "\"text\":\"a\\\"b\\\\c\\n\\t\\u0001 \x7f/<\xc3\xa9\xf0\x9f\x98\x80\","
            R"("raw":"//4=","when":"2006-01-02T15:04:05.000000001Z","took":-1500,"Colour":-7})");
  EXPECT_EQ(decode<Scalars>(json(), encode(json(), value)), value);
}

TEST(Json, WritesListsAndMaps) {
  Containers value;
  value.flags = {true, false};
  value.names = {{-1, "a"}, {2, "b"}};
  value.by_flag = {{false, Color::kRed}, {true, Color::kGreen}};
  value.groups[7]["x"] = {{1, 2}};
  value.weights["k\n"] = 0.5;
  EXPECT_EQ(encode(json(), value),
            R"({"flags":[true,false],"smalls":[],"bigs":[],"reals":[],"texts":[],"raws":[],)"
            R"("times":[],"colors":[],"points":[],"nested":[],"weights":{"k\n":0.5},)"
            R"("names":{"-1":"a","2":"b"},"by_flag":{"false":0,"true":1},)"
            R"("groups":{"7":{"x":[{"x":1,"y":2}]}}})");
  EXPECT_EQ(decode<Containers>(json(), encode(json(), value)), value);
}

TEST(Json, LeavesOutOptionalsAndUnionMembersThatAreNotSet) {
  Choices value;
  EXPECT_EQ(encode(json(), value), R"({"id":0})");
  value.body.emplace<3>("L");
  value.flag = false;
  EXPECT_EQ(encode(json(), value), R"({"flag":false,"id":0,"label":"L"})");
  EXPECT_EQ(decode<Choices>(json(), encode(json(), value)), value);
}

TEST(Json, WritesOtherTypesAtTheTopAsTheyAre) {
  EXPECT_EQ(encode(json(), std::int64_t{5}), "5");
  EXPECT_EQ(encode(json(), std::string("x")), R"("x")");
  EXPECT_EQ(encode(json(), std::vector<std::string>{"a", "b"}), R"(["a","b"])");
  EXPECT_EQ(encode(json(), std::map<std::string, std::int64_t>{{"a", 1}, {"b", 2}}),
            R"({"a":1,"b":2})");
  EXPECT_EQ(encode(json(), tern::Nothing()), "{}");
}

TEST(Json, MatchesNamesToTheLetterFirstThenWithoutRegardToCase) {
  EXPECT_EQ(decode<Args>(json(), R"({"a":1,"b":2})"), Args(1, 2));
  EXPECT_EQ(decode<Args>(json(), R"({"B":2,"A":1})"), Args(1, 2));
  EXPECT_EQ(decode<Args>(json(), R"({"\u0041":1})"), Args(1, 0));
  EXPECT_EQ(decode<Scalars>(json(), R"({"cOLOUR":0})").color, Color::kRed);
}

TEST(Json, TakesTheLastOfEqualKeys) {
  EXPECT_EQ(decode<Args>(json(), R"({"A":1,"A":2,"a":3})"), Args(3, 0));
  EXPECT_EQ(decode<Containers>(json(), R"({"texts":["a","b"],"texts":["c"]})").texts,
            std::vector<std::string>{"c"});
  EXPECT_EQ((decode<std::map<std::string, std::int64_t>>(json(), R"({"k":1,"k":2})")["k"]), 2);
  EXPECT_EQ(decode<Choices>(json(), R"({"square":1,"label":"x"})").body.index(), 3u);
}

TEST(Json, TakesNullForNothing) {
  EXPECT_EQ(decode<Args>(json(), R"({"A":null,"B":2})"), Args(0, 2));
  EXPECT_EQ(decode<Scalars>(json(), R"({"small":null})").small, -5);
  EXPECT_EQ(decode<Choices>(json(), R"({"note":null,"circle":null})"), Choices());
  EXPECT_EQ(decode<Args>(json(), "null"), Args());
  EXPECT_EQ(decode<std::vector<std::string>>(json(), R"([null,"a"])"),
            (std::vector<std::string>{"", "a"}));
  EXPECT_EQ(decode<Containers>(json(), R"({"points":[null,{"x":1}],"names":{"1":null}})").points,
            (std::vector<Point>{{0, 0}, {1, 0}}));
}

TEST(Json, SkipsUnknownKeysWithWhateverTheyHold) {
  EXPECT_EQ(decode<Args>(json(), R"( { "x" : [1, {"y" : [[], {}, "]", -1.5e+3]}, true, null] ,
                                      "A" : 1, "z":{"A":5},"B":2, "w":"\ud83d\ude00" } )"),
            Args(1, 2));
}

TEST(Json, ReadsEnumeratorsByNumberAndByName) {
  EXPECT_EQ(decode<Color>(json(), "-7"), Color::kBlue);
  EXPECT_EQ(decode<Color>(json(), R"("Blue")"), Color::kBlue);
  EXPECT_EQ(decode<Color>(json(), "1000"), static_cast<Color>(1000));
  EXPECT_EQ(decode_failure<Color>(json(), R"("blue")"), R"(the enum has no "blue")");
  EXPECT_EQ(decode_failure<Color>(json(), R"("")"), R"(expected an enumerator, got "")");
  EXPECT_EQ(decode_failure<Color>(json(), "2147483648"), "2147483648 does not fit in int32");
}

TEST(Json, RefusesNumbersThatJsonHasNoFormFor) {
  Scalars value;
  value.real = std::nan("");
  EXPECT_EQ(encode_failure(json(), value), "at real: NaN has no form in JSON");
  value.real = 0;
  value.single = -std::numeric_limits<float>::infinity();
  EXPECT_EQ(encode_failure(json(), value), "at single: -Inf has no form in JSON");
  EXPECT_EQ(encode_failure(json(), std::numeric_limits<double>::infinity()),
            "+Inf has no form in JSON");
}

TEST(Json, RefusesStringsThatAreNotUtf8) {
  Containers value;
  value.texts = {"ok", "\xff\xfe"};
  EXPECT_EQ(encode_failure(json(), value),
            R"(at texts[1]: string "\xff\xfe" is not UTF-8; use bytes for what is not text)");
  value.texts.clear();
  value.weights["\xc0\x80"] = 1;
  EXPECT_THAT(encode_failure(json(), value), HasSubstr(R"(at weights["\xc0\x80"]: string)"));
}

struct Row {
  const char* text;
  const char* failure;
};

TEST(Json, SaysWhereWhatWasExpectedAndWhatCame) {
  const Row table[] = {
      {R"({"points":[{},{},{},{"x":"abc"}]})",
       R"(at points[3].x: expected an integer, got string "abc")"},
      {R"({"points":[{"x":true}]})", "at points[0].x: expected an integer, got true"},
      {R"({"points":{}})", "at points: expected a list, got an object"},
      {R"({"weights":[]})", "at weights: expected an object, got a list"},
      {R"({"weights":{"a b":"1"}})", R"(at weights["a b"]: expected a number, got string "1")"},
      {R"({"names":{"x":""}})", R"(at names: expected an integer, got string "x")"},
      {R"({"names":{"3000000000":""}})", "at names: 3000000000 does not fit in int32"},
      {R"({"by_flag":{"yes":0}})", R"(at by_flag: expected a key true or false, got "yes")"},
      {R"({"smalls":[1,3000000000]})", "at smalls[1]: 3000000000 does not fit in int32"},
      {R"({"texts":[7]})", "at texts[0]: expected a string, got 7"},
      {R"({"flags":["true"]})", R"(at flags[0]: expected true or false, got string "true")"},
      {R"({"raws":["a"]})", R"(at raws[0]: expected base64, got "a")"},
      {R"({"raws":[1]})", "at raws[0]: expected a string of base64, got 1"},
      {R"({"times":["yesterday"]})",
       "at times[0]: expected a time in RFC 3339 between 1677-09-21 and 2262-04-11, got "
       R"("yesterday")"},
      {R"({"colors":[{}]})", "at colors[0]: expected an integer, got an object"},
      {R"({"unknown":[1,{"a":tru}]})", R"(at unknown: expected a value, got "t")"},
      {R"({"texts":nul})", R"(at texts: expected a value, got "n")"},
  };
  for (const Row& row : table) {
    EXPECT_EQ(decode_failure<Containers>(json(), row.text), row.failure) << row.text;
  }
}

TEST(Json, RefusesTextThatIsNotJson) {
  const char* const table[] = {
      "",
      " ",
      "{",
      "}",
      "[",
      R"({"A")",
      R"({"A":)",
      R"({"A":1)",
      R"({"A":1,)",
      R"({"A":1,})",
      R"({"A":1 "B":2})",
      R"({"A" 1})",
      R"({A:1})",
      R"({'A':1})",
      R"({"A":1}})",
      R"({"A":1} x)",
      R"({"A":1}{"A":1})",
      R"({"A":01})",
      R"({"A":+1})",
      R"({"A":.5})",
      R"({"A":0x1})",
      R"({"A":-})",
      R"({"A":1}//)",
      R"(/**/{"A":1})",
      R"({"A":NaN})",
      R"({"A":Infinity})",
      R"({"x":[1,]})",
      R"({"x":[,1]})",
      R"({"x":[1}})",
      R"({"x":{]}})",
      R"({"x":{"a":1,}})",
      R"({"x":{1:2}})",
      R"({"x":01})",
      R"({"x":1.})",
      R"({"x":1e})",
      R"({"x":-})",
      R"({"x":tRue})",
      "{\"x\":\"a\nb\"}",
      R"({"x":"\x41"})",
      R"({"x":"\u12g4"})",
      R"({"x":"\)",
      R"({"x":"\u12)",
      R"({"x":"abc)",
      "\xef\xbb\xbf{}",
      "{\"x\":\"\xff\"}",
      "{\"x\":\"\xc3\"}",
      "{}\xc3\xa9",
      "nul",
      "nulll",
      "[]",
      "1",
      "\"\"",
  };
  for (const char* text : table) {
    EXPECT_NE(decode_failure<Args>(json(), text), "") << text;
  }
  const std::string with_nul("{\"A\":1}\0", 8);
  EXPECT_NE(decode_failure<Args>(json(), with_nul), "");
}

TEST(Json, SaysAtWhichByteTextIsNoJson) {
  EXPECT_EQ(decode_failure<Args>(json(), R"({"A":1 "B":2})"),
            R"(expected a comma or }, got string "B" at byte 7)");
  EXPECT_EQ(decode_failure<Args>(json(), R"({"A":1}, )"),
            R"(expected the end of the text, got "," at byte 7)");
  EXPECT_EQ(decode_failure<Args>(json(), R"({"A":1,})"), R"(expected a key, got "}" at byte 7)");
  EXPECT_EQ(decode_failure<Args>(json(), "{\"A\": \"\xe0\"}"), "byte 7 of the text is not UTF-8");
  EXPECT_EQ(decode_failure<Args>(json(), "\xef\xbb\xbf{}"),
            "the text begins with a byte order mark; JSON has none");
}

TEST(Json, ReadsEscapes) {
  EXPECT_EQ(decode<std::string>(json(), R"("\"\\\/\b\f\n\r\t\u00e9\u20ac\ud83d\ude00\uFFFF")"),
            "\"\\/\b\f\n\r\t\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xef\xbf\xbf");
  EXPECT_EQ(decode<std::string>(json(), R"("a\u0000b")"), std::string("a\0b", 3));
  EXPECT_EQ(encode(json(), std::string("a\0b", 3)), R"("a\u0000b")");
  EXPECT_EQ(encode(json(), std::string("\b\t\n\v\f\r\x1f")), R"("\b\t\n\u000b\f\r\u001f")");
}

TEST(Json, RefusesLoneSurrogates) {
  for (const char* text :
       {R"("\ud800")", R"("\udc00")", R"("\ud800\ud800")", R"("\ud800x")", R"("\ud83d\n")",
        R"("\ud83d\u0041")", R"("\ude00\ud83d")", R"("\udc00\udc00")"}) {
    EXPECT_THAT(decode_failure<std::string>(json(), text), HasSubstr("surrogate")) << text;
  }
}

}  // namespace
}  // namespace sample
