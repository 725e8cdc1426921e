#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <type_traits>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include "recursion.rpc.h"
#include "tern/print.h"

namespace recursion {
namespace {

TEST(GeneratedRecursion, ContainsItselfInAList) {
  Tree leaf;
  leaf.label = "leaf";
  Tree tree;
  tree.children = {leaf, leaf};
  tree.named["first"] = leaf;
  tree.parent = leaf;
  tree.set_forest({leaf});
  Tree copy = tree;
  EXPECT_EQ(copy, tree);
  copy.children[1].children.push_back(leaf);
  EXPECT_NE(copy, tree);
}

TEST(GeneratedRecursion, CopiesWhatIsInABox) {
  Chain chain;
  chain.next.emplace().link = 2;
  Chain copy = chain;
  copy.next->link = 3;
  EXPECT_EQ(chain.next->link, 2);
  EXPECT_FALSE(copy.next->next.has_value());
}

TEST(GeneratedRecursion, GoesThroughMessagesThatAreDefinedLater) {
  File file;
  file.name = "a";
  Folder folder({file}, {{"a", file}}, file, {});
  folder.set_many({file, file});
  file.folder = folder;
  file.backup = folder;
  Folder moved = std::move(folder);
  EXPECT_EQ(moved, file.folder);
  EXPECT_EQ(moved.many()->size(), 2u);
  EXPECT_EQ(moved.first->name, "a");
}

TEST(GeneratedRecursion, GoesThroughAUnion) {
  Expression two;
  two.set_number(2);
  Sum sum;
  sum.terms = {two, two};
  Expression expression;
  expression.set_sum(sum);
  Negation negation;
  negation.operand = expression;
  Expression negative;
  negative.set_negation(negation);
  EXPECT_EQ(negative.negation()->operand->sum()->terms.size(), 2u);
  EXPECT_NE(negative, expression);
}

Term literal(std::int64_t value) {
  Term term;
  term.set_literal(value);
  return term;
}

TEST(GeneratedRecursion, GoesThroughAUnionOfTheStructItself) {
  Term sum;
  sum.set_sum({literal(1), literal(2)});
  Term negated;
  negated.set_negated(sum);
  negated.note = "-(1 + 2)";
  EXPECT_EQ(negated.kind_case(), Term::KindCase::kNegated);
  EXPECT_EQ(*std::as_const(negated).negated()->sum()->right.literal(), 2);

  Term copy = negated;
  EXPECT_EQ(copy, negated);
  copy.negated()->sum()->left = negated;
  EXPECT_NE(copy, negated);
  EXPECT_EQ(*negated.negated()->sum()->left.literal(), 1);

  const Term moved = std::move(copy);
  EXPECT_EQ(moved.negated()->sum()->left, negated);
}

TEST(GeneratedRecursion, IsNotSetInAUnionThatWasMovedFrom) {
  Term from;
  from.set_negated(literal(1));
  const Term to = std::move(from);
  EXPECT_EQ(from.negated(), nullptr);  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(tern::to_text(from), "{note: \"\"}");
  EXPECT_TRUE(from.visit_kind(
      [](const auto& member) { return std::is_same_v<decltype(member), const std::monostate&>; }));
  from.set_literal(2);
  EXPECT_EQ(from, literal(2));
  EXPECT_EQ(*to.negated(), literal(1));
}

struct Evaluate {
  std::int64_t operator()(std::monostate) const { return 0; }
  std::int64_t operator()(std::int64_t value) const { return value; }
  std::int64_t operator()(const Term& negated) const { return -negated.visit_kind(*this); }
  std::int64_t operator()(const Pair& sum) const {
    return sum.left.visit_kind(*this) + sum.right.visit_kind(*this);
  }
  std::int64_t operator()(const std::vector<Term>& call) const {
    return static_cast<std::int64_t>(call.size());
  }
};

TEST(GeneratedRecursion, IsVisitedWithoutItsBox) {
  Term negated;
  negated.set_negated(Term({}, "empty"));
  negated.negated()->set_sum({literal(3), literal(4)});
  EXPECT_EQ(negated.visit_kind(Evaluate()), -7);
}

TEST(GeneratedRecursion, CanBeAKey) {
  Path end;
  end.step = "end";
  Path through_optional;
  through_optional.next = end;
  Path through_union;
  through_union.set_left(end);
  Path through_list;
  through_list.others = {end};
  const std::vector<Path> paths{Path(), end, through_optional, through_union, through_list};
  EXPECT_EQ(std::set<Path>(paths.begin(), paths.end()).size(), paths.size());
  EXPECT_EQ(std::unordered_set<Path>(paths.begin(), paths.end()).size(), paths.size());
  EXPECT_LT(Path(), end);
  EXPECT_LT(through_list, through_union);
  EXPECT_LT(through_union, through_optional);
  EXPECT_LT(through_optional, end);
  EXPECT_EQ(end <=> Path(end), std::strong_ordering::equal);
}

}  // namespace
}  // namespace recursion
