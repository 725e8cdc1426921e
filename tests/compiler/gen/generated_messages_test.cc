// The structs that rpcgen writes, as their users see them.
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "awkward.rpc.h"
#include "common.rpc.h"
#include "everything.rpc.h"

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
