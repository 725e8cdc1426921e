// The structs that rpcgen writes, as their users see them.
#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <sstream>
#include <string>
#include <type_traits>
#include <unordered_set>
#include <utility>
#include <vector>

#include "awkward.rpc.h"
#include "common.rpc.h"
#include "everything.rpc.h"
#include "tern/format.h"
#include "tern/json.h"
#include "tern/print.h"

namespace tests::everything {
namespace {

// g++ 12 destroys aggregate temporaries twice inside a co_await expression.
static_assert(!std::is_aggregate_v<Empty>);
static_assert(!std::is_aggregate_v<Scalars>);
static_assert(!std::is_aggregate_v<Shape>);
static_assert(!std::is_aggregate_v<Tree>);
static_assert(!std::is_aggregate_v<Folder>);
static_assert(!std::is_aggregate_v<Broken>);
static_assert(!std::is_aggregate_v<common::Point>);

static_assert(std::is_nothrow_move_constructible_v<Shape>);
static_assert(std::is_nothrow_move_constructible_v<Folder>);

static_assert(kSmallest == std::numeric_limits<std::int32_t>::min());
static_assert(kSmallest64 == std::numeric_limits<std::int64_t>::min());
static_assert(kLargest == std::numeric_limits<std::uint64_t>::max());
static_assert(kGreeting == "Gr\u00fc\u00df \"Gott\"\n");
static_assert(kAvogadro == 6.02214076e23);

double length_of(const common::Point& point) {
  return point.x + point.y;
}
std::size_t size_of(const Circle& circle) {
  return static_cast<std::size_t>(circle.radius);
}

TEST(GeneratedMessage, IsMadeFromBracesInOrderOfDeclaration) {
  EXPECT_EQ(length_of({1, 2}), 3);
  common::Point point(3, 4);
  EXPECT_EQ(point.x, 3);
  EXPECT_EQ(point.y, 4);
}

TEST(GeneratedMessage, OfOneFieldIsMadeFromBracesToo) {
  EXPECT_EQ(size_of({7}), 7u);
}

// Of a number, a message takes what fits in its own whatever the value.
static_assert(std::is_convertible_v<bool, Switch>);
static_assert(!std::is_constructible_v<Switch, const char*>);
static_assert(!std::is_constructible_v<Switch, int>);
static_assert(!std::is_constructible_v<Switch, double>);
static_assert(!std::is_constructible_v<Switch, std::nullptr_t>);
static_assert(std::is_convertible_v<std::int64_t, Count>);
static_assert(std::is_convertible_v<std::int32_t, Count>);
static_assert(std::is_convertible_v<std::uint32_t, Count>);
static_assert(!std::is_constructible_v<Count, std::uint64_t>);
static_assert(!std::is_constructible_v<Count, double>);
static_assert(!std::is_constructible_v<Count, bool>);
static_assert(!std::is_constructible_v<Count, char>);
static_assert(!std::is_constructible_v<Count, Color>);
static_assert(std::is_convertible_v<float, Ratio>);
static_assert(!std::is_constructible_v<Ratio, double>);
static_assert(!std::is_constructible_v<Ratio, std::int32_t>);
static_assert(std::is_convertible_v<std::int32_t, Circle>);  // a double

TEST(GeneratedMessage, OfOneNumberKeepsIt) {
  EXPECT_TRUE(Switch(true).on);
  EXPECT_EQ(Count(7).value, 7);
  EXPECT_EQ(Count(std::numeric_limits<std::int64_t>::min()).value,
            std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(Ratio(0.5f).value, 0.5f);
}

// Messages are made, changed and compared in constant expressions, those with strings and lists
// too.
constexpr bool lists_are_compared() {
  Lists a;
  a.i32s.push_back(1);
  Lists b = a;
  b.texts.emplace_back("a text that is too long to lie in the string itself");
  return a != b && a == Lists(a);
}
constexpr Circle kCircle(2.5);
constexpr common::Point kPoint(1, 2);
static_assert(kCircle.radius == 2.5);
static_assert(kPoint == common::Point(1, 2));
static_assert(Switch(true) != Switch());
static_assert(lists_are_compared());

TEST(GeneratedMessage, PrintsItsFields) {
  Shape shape;
  shape.name = "a \"line\"\n\x01\xff";
  shape.fill = Color::Green;
  shape.set_polygon({{1, 2.5}});
  shape.set_raw({std::byte{1}, std::byte{0xab}});
  std::ostringstream out;
  out << shape;
  EXPECT_EQ(out.str(), R"({name: "a \"line\"\n\x01\xff", Fill: Green, polygon: [{x: 1, y: 2.5}], )"
                       R"(raw: 2 bytes 01-ab})");
}

TEST(GeneratedMessage, PrintsWhatIsThereOnly) {
  Key key;
  key.names[-3] = "x";
  key.lasts = std::chrono::milliseconds(1500);
  key.flag = false;
  key.color = static_cast<Color>(77);
  key.bits = {true, false};
  EXPECT_EQ(tern::to_text(key),
            R"({name: "", id: 0, flag: false, color: 77, at: 1970-01-01T00:00:00Z, lasts: 1.5s, )"
            R"(blob: 0 bytes, parts: [], names: {-3: "x"}, bits: [true, false]})");
  EXPECT_EQ(tern::to_text(Empty()), "{}");
  EXPECT_EQ(tern::to_text(Renamed()),
            "{UserName: \"\", ID: 0, \"with \\\"quotes\\\" and \U0001F600\": \"\", old: \"\", "
            "given: \"\"}");
}

TEST(GeneratedMessage, IsFormattedByFmt) {
  EXPECT_EQ(fmt::format("{} {:>12}", common::Point(1, 2), Count(7)), "{x: 1, y: 2}   {value: 7}");
}

TEST(GeneratedMessage, BecomesJsonAndComesBack) {
  Shape shape;
  shape.name = "line";
  shape.set_sides(3);
  const tern::Result<std::string> text = tern::to_json(shape);
  ASSERT_TRUE(text.ok()) << text.status().to_string();
  EXPECT_EQ(*text, R"({"name":"line","Fill":0,"sides":3})");
  const tern::Result<Shape> back = tern::from_json<Shape>(*text);
  ASSERT_TRUE(back.ok()) << back.status().to_string();
  EXPECT_EQ(*back, shape);
}

TEST(GeneratedMessage, SaysWhyItIsNoJson) {
  Ratio ratio(std::numeric_limits<float>::infinity());
  EXPECT_EQ(tern::to_json(ratio).status().message(), "at value: +Inf has no form in JSON");
  EXPECT_EQ(tern::from_json<Count>(R"({"value":"x"})").status().message(),
            R"(at value: expected an integer, got string "x")");
  EXPECT_FALSE(tern::from_json<Count>(R"({"value":1} x)").ok());
  tern::DecodeLimits limits;
  limits.depth = 1;
  EXPECT_FALSE(tern::from_json<Tree>(R"({"left":{}})", limits).ok());
}

// ---- keys

Key some_key() {
  return Key("name", 7, true, Color::Green, {}, {}, {std::byte{1}}, {Part(3)}, {{1, "one"}},
             Part(4), {true});
}

TEST(GeneratedKey, IsFoundInASetWhateverDiffers) {
  std::vector<Key> keys(14, some_key());
  keys[1].name = "other";
  keys[2].id = 8;
  keys[3].flag = false;
  keys[4].flag.reset();
  keys[5].color = Color::Red;
  keys[6].at += std::chrono::seconds(1);
  keys[7].lasts = std::chrono::seconds(1);
  keys[8].blob.clear();
  keys[9].parts[0].number = 4;
  keys[10].names[2] = "two";
  keys[11].set_text("text");
  keys[12].body = {};
  keys[13].bits = {true, false};
  const std::unordered_set<Key> hashed(keys.begin(), keys.end());
  const std::set<Key> ordered(keys.begin(), keys.end());
  EXPECT_EQ(hashed.size(), keys.size());
  EXPECT_EQ(ordered.size(), keys.size());
  std::set<std::size_t> hashes;
  for (const Key& key : keys) {
    hashes.insert(std::hash<Key>()(key));
    EXPECT_TRUE(hashed.contains(key)) << key;
    EXPECT_TRUE(ordered.contains(key)) << key;
  }
  EXPECT_EQ(hashes.size(), keys.size());
  EXPECT_EQ(std::hash<Key>()(some_key()), std::hash<Key>()(some_key()));
}

TEST(GeneratedKey, IsOrderedByItsFieldsInOrderOfNumber) {
  Key less = some_key();
  Key more = some_key();
  EXPECT_EQ(less <=> more, std::strong_ordering::equal);
  more.id = 8;
  EXPECT_LT(less, more);
  less.name = "z";
  EXPECT_GT(less, more);
  static_assert(Part(1) < Part(2));
}

TEST(GeneratedKey, SpreadsNumbersThatFollowEachOther) {
  std::set<std::size_t> buckets;
  for (int i = 0; i < 1000; ++i) buckets.insert(std::hash<Part>()(Part(i)) % 1024);
  EXPECT_GT(buckets.size(), 500u);  // of 1,000 by chance about 640
}

TEST(GeneratedMessage, BeginsWithZeros) {
  Scalars scalars;
  EXPECT_FALSE(scalars.flag);
  EXPECT_EQ(scalars.i32, 0);
  EXPECT_EQ(scalars.f64, 0);
  EXPECT_EQ(scalars.text, "");
  EXPECT_EQ(scalars.at, tern::Timestamp());
  EXPECT_EQ(scalars.lasts.count(), 0);
  EXPECT_EQ(scalars.color, Color::Red);
}

TEST(GeneratedMessage, BeginsWithItsDefaults) {
  Defaults defaults;
  EXPECT_TRUE(defaults.flag);
  EXPECT_EQ(defaults.i32, -7);
  EXPECT_EQ(defaults.i64, std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(defaults.u32, 0xffffffffu);
  EXPECT_EQ(defaults.u64, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(defaults.f32, 1.5f);
  EXPECT_EQ(defaults.f64, 1e100);
  EXPECT_EQ(defaults.text, "a \"quoted\"\tword\\");
  EXPECT_EQ(defaults.lasts, std::chrono::milliseconds(500));
  EXPECT_EQ(defaults.back, std::chrono::seconds(-90));
  EXPECT_EQ(defaults.color, Color::Green);
  EXPECT_EQ(defaults.qualified, Color::Ultraviolet);
  EXPECT_EQ(defaults.tags, 8);
  EXPECT_EQ(defaults.whole, 3);
  EXPECT_EQ(defaults.severity, common::Severity::Critical);
}

TEST(GeneratedMessage, ComparesAllItsMembers) {
  Optionals a;
  Optionals b;
  EXPECT_EQ(a, b);
  b.names.emplace()["key"] = "value";
  EXPECT_NE(a, b);
  a = b;
  EXPECT_EQ(a, b);
}

TEST(GeneratedMessage, IsVisitedInOrderOfNumber) {
  std::vector<int> numbers;
  auto visitor = [&](const auto& field, const auto&) {
    if constexpr (requires { field.field; }) {
      numbers.push_back(field.field.number);
    } else {
      numbers.push_back(field.number);
    }
    return true;
  };
  Reserved reserved;
  Reserved::visit_fields(reserved, visitor);
  EXPECT_EQ(numbers, (std::vector<int>{1, 500, 1000}));
  numbers.clear();
  const Shape shape;
  Shape::visit_fields(shape, visitor);
  EXPECT_EQ(numbers, (std::vector<int>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
}

TEST(GeneratedMessage, IsVisitedUntilTheVisitorHasEnough) {
  int visits = 0;
  auto visitor = [&](const tern::Field& field, auto&) {
    ++visits;
    return field.number < 3;
  };
  Scalars scalars;
  EXPECT_FALSE(Scalars::visit_fields(scalars, visitor));
  EXPECT_EQ(visits, 3);
}

TEST(GeneratedMessage, KnowsTheNamesOfItsFields) {
  EXPECT_EQ(Renamed::kTypeName, "tests.everything.Renamed");
  EXPECT_EQ(Renamed::kFields[0].name, "UserName");
  EXPECT_TRUE(Renamed::kFields[0].renamed);
  EXPECT_EQ(Renamed::kFields[2].name, "with \"quotes\" and \U0001F600");
  EXPECT_EQ(Renamed::kFields[3].name, "old");
  EXPECT_FALSE(Renamed::kFields[3].renamed);
}

TEST(GeneratedMessage, KeepsItsNamesApartFromThoseOfCpp) {
  Keywords keywords;
  keywords.class_ = 1;
  keywords.Color = Color::Green;
  keywords.int32 = 32;
  EXPECT_EQ(Keywords::kFields[0].name, "class");

  awkward::namespace_::Members members;
  members.Point.Color = 5;
  EXPECT_EQ(members.name, awkward::namespace_::name::value);
  awkward::namespace_::Members copy = members;
  EXPECT_EQ(copy, members);
}

}  // namespace
}  // namespace tests::everything
