#include <gtest/gtest.h>

#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "everything.rpc.h"

namespace tests::everything {
namespace {

TEST(GeneratedUnion, IsEmptyAtFirst) {
  Shape shape;
  EXPECT_EQ(shape.body_case(), Shape::BodyCase::kNone);
  EXPECT_EQ(shape.circle(), nullptr);
  EXPECT_EQ(shape.sides(), nullptr);
}

TEST(GeneratedUnion, HoldsTheMemberThatWasSetLast) {
  Shape shape;
  shape.set_circle({2.5});
  EXPECT_EQ(shape.body_case(), Shape::BodyCase::kCircle);
  ASSERT_NE(shape.circle(), nullptr);
  EXPECT_EQ(shape.circle()->radius, 2.5);

  shape.set_sides(6);
  EXPECT_EQ(shape.body_case(), Shape::BodyCase::kSides);
  EXPECT_EQ(shape.circle(), nullptr);
  EXPECT_EQ(*shape.sides(), 6);
}

TEST(GeneratedUnion, HandsOutTheMemberItHasSet) {
  Shape shape;
  std::vector<common::Point>& polygon = shape.set_polygon({{1, 2}});
  polygon.push_back({3, 4});
  EXPECT_EQ(shape.polygon()->size(), 2u);
}

TEST(GeneratedUnion, HandsItsMembersOutToBeChanged) {
  Shape shape;
  shape.set_circle({2.5});
  shape.circle()->radius = 3;
  EXPECT_EQ(std::as_const(shape).circle()->radius, 3);
  EXPECT_EQ(shape.path(), nullptr);
}

// What the body of a shape is, and how many times it was asked.
struct Describe {
  int* calls;

  std::string operator()(std::monostate) const { return ++*calls, "nothing"; }
  std::string operator()(const Circle& circle) const {
    return ++*calls, "a circle of " + std::to_string(static_cast<int>(circle.radius));
  }
  template <typename T>
  std::string operator()(const T&) const {
    return ++*calls, "something else";
  }
};

TEST(GeneratedUnion, CallsAFunctionWithTheMemberThatIsSet) {
  int calls = 0;
  Shape shape;
  EXPECT_EQ(std::as_const(shape).visit_body(Describe{&calls}), "nothing");
  shape.set_circle({2});
  EXPECT_EQ(std::as_const(shape).visit_body(Describe{&calls}), "a circle of 2");
  shape.set_sides(5);
  EXPECT_EQ(shape.visit_body(Describe{&calls}), "something else");
  EXPECT_EQ(calls, 3);
}

TEST(GeneratedUnion, CanBeChangedByAVisitor) {
  Shape shape;
  shape.set_path("M 0 0");
  shape.visit_body([](auto& member) {
    if constexpr (std::is_same_v<decltype(member), std::string&>) member += " L 1 1";
  });
  EXPECT_EQ(*shape.path(), "M 0 0 L 1 1");
}

TEST(GeneratedUnion, TellsMembersOfTheSameTypeApart) {
  Shape shape;
  shape.set_also_colored(Color::Green);
  EXPECT_EQ(shape.label_text_case(), Shape::LabelTextCase::kAlsoColored);
  EXPECT_EQ(*shape.also_colored(), Color::Green);
  EXPECT_EQ(shape.raw(), nullptr);
}

TEST(GeneratedUnion, TakesPartInTheComparison) {
  Shape a;
  Shape b;
  a.set_path("x");
  EXPECT_NE(a, b);
  b.set_path("x");
  EXPECT_EQ(a, b);
  b.set_sides(1);
  EXPECT_NE(a, b);
}

TEST(GeneratedUnion, IsAVariantForWhoeverWantsOne) {
  Shape shape("line", std::string("M 0 0"), Color::Green, {});
  EXPECT_EQ(std::get<std::string>(shape.body), "M 0 0");
  EXPECT_EQ(shape.body_case(), Shape::BodyCase::kPath);
}

// Shows alternative `Index` of each union that is set, and its number.
struct SetMembers {
  std::vector<std::pair<std::size_t, int>> found;

  bool operator()(const tern::Field&, const auto&) { return true; }
  template <std::size_t Index, typename Variant>
  bool operator()(const tern::UnionField<Index>& member, const Variant& variant) {
    if (variant.index() == Index) found.emplace_back(Index, member.field.number);
    return true;
  }
};

TEST(GeneratedUnion, IsVisitedOnceForEachMember) {
  Shape shape;
  shape.set_polygon({});
  shape.set_raw({std::byte{1}});
  SetMembers set;
  Shape::visit_fields(std::as_const(shape), set);
  EXPECT_EQ(set.found, (std::vector<std::pair<std::size_t, int>>{{3, 6}, {5, 12}}));
}

}  // namespace
}  // namespace tests::everything
