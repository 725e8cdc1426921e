#include <gtest/gtest.h>

#include <utility>

#include "recursion.rpc.h"

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

}  // namespace
}  // namespace recursion
