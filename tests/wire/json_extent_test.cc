// Where JSON values end, in one piece and in many.
#include "wire/json_extent.h"

#include <gtest/gtest.h>

#include <string>

namespace tern {
namespace {

using Kind = wire::JsonExtent::Kind;

struct Case {
  const char* name;
  std::string text;  // the value, and what follows it
  Kind kind;
  std::size_t size;  // of a whole value
};

class JsonExtentOf : public testing::TestWithParam<Case> {};

TEST_P(JsonExtentOf, IsFoundInOnePiece) {
  wire::JsonExtent extent;
  EXPECT_EQ(extent.scan(as_bytes(GetParam().text)), GetParam().kind);
  if (GetParam().kind == Kind::kWhole) {
    EXPECT_EQ(extent.size(), GetParam().size);
  }
}

TEST_P(JsonExtentOf, IsFoundByteByByte) {
  wire::JsonExtent extent;
  Kind kind = Kind::kMore;
  std::size_t size = 0;
  while (kind == Kind::kMore && size < GetParam().text.size()) {
    kind = extent.scan(as_bytes(GetParam().text).first(++size));
  }
  EXPECT_EQ(kind, GetParam().kind);
  if (kind == Kind::kWhole) {
    EXPECT_EQ(extent.size(), GetParam().size);
  }
}

TEST_P(JsonExtentOf, IsFoundWhenEachByteIsDropped) {
  wire::JsonExtent extent;
  Kind kind = Kind::kMore;
  std::size_t size = 0;
  for (std::size_t at = 0; kind == Kind::kMore && at < GetParam().text.size(); ++at) {
    kind = extent.scan(as_bytes(GetParam().text).subspan(at, 1));
    size += extent.size();
    extent.drop();
  }
  EXPECT_EQ(kind, GetParam().kind);
  if (kind == Kind::kWhole) {
    EXPECT_EQ(size, GetParam().size);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Values, JsonExtentOf,
    testing::Values(
        Case{"Object", "{} ", Kind::kWhole, 2}, Case{"List", "[1,[2]]x", Kind::kWhole, 7},
        Case{"Nested", R"({"a":[{"b":{}}]}{})", Kind::kWhole, 16},
        Case{"BracketsInStrings", R"({"}]":"{["},)", Kind::kWhole, 11},
        Case{"QuotesInStrings", R"({"\"}":"\\"},)", Kind::kWhole, 12},
        Case{"String", R"("a\"b" )", Kind::kWhole, 6},
        Case{"EmptyString", R"(""x)", Kind::kWhole, 2},
        Case{"LongString", "\"" + std::string(100, 'x') + "\"", Kind::kWhole, 102},
        Case{"ControlInString", "\"a\nb\" ", Kind::kWhole, 5},
        Case{"Number", "-1.5e+3\n", Kind::kWhole, 7}, Case{"Word", "true,", Kind::kWhole, 4},
        Case{"NumberWithoutEnd", "12", Kind::kMore, 0},
        Case{"OpenObject", R"({"a":)", Kind::kMore, 0},
        Case{"OpenString", R"("abc\")", Kind::kMore, 0}, Case{"Nothing", "", Kind::kMore, 0},
        Case{"NoValue", "x", Kind::kBroken, 0}, Case{"Comma", ",", Kind::kBroken, 0},
        Case{"Close", "]", Kind::kBroken, 0}, Case{"WrongClose", R"({"a":1])", Kind::kBroken, 0},
        Case{"EarlyClose", R"({"a":[1})", Kind::kBroken, 0},
        Case{"Nul", std::string(1, '\0'), Kind::kBroken, 0}),
    [](const auto& test) { return test.param.name; });

TEST(JsonExtent, FollowsAnyDepth) {
  const std::size_t depth = 1'000'000;
  wire::JsonExtent extent;
  EXPECT_EQ(extent.scan(as_bytes(std::string(depth, '[') + std::string(depth, ']'))), Kind::kWhole);
  EXPECT_EQ(extent.size(), 2 * depth);
}

TEST(JsonExtent, LooksAtEachByteOnce) {
  wire::JsonExtent extent;
  ASSERT_EQ(extent.scan(as_bytes("{\"a\":[")), Kind::kMore);
  EXPECT_EQ(extent.scan(as_bytes("]]]]]]1]}")), Kind::kWhole);
  EXPECT_EQ(extent.size(), 9u);
}

TEST(JsonExtent, StaysWholeWhenItIsAskedAgain) {
  wire::JsonExtent extent;
  const std::string text = "{}{}";
  ASSERT_EQ(extent.scan(as_bytes(text)), Kind::kWhole);
  EXPECT_EQ(extent.scan(as_bytes(text)), Kind::kWhole);
  EXPECT_EQ(extent.size(), 2u);
}

}  // namespace
}  // namespace tern
