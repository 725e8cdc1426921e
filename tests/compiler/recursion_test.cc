#include <gtest/gtest.h>

#include <string>

#include "compiler/sema/graph.h"
#include "tests/compiler/check_compile.h"

namespace rpcgen {
namespace {

TEST(Recursion, ByValueIsRefused) {
  check_compile(R"(
    package test;
    struct A {
      A next = 1;  // expected-error: struct "A" contains itself by value through field "next"; make the field optional, or a list or map
    }
  )");
}

TEST(Recursion, ByValueThroughOthersIsRefusedWithTheWay) {
  check_compile(R"(
    package test;
    struct A {
      int32 number = 1;
      B b = 2;  // expected-error: struct "A" contains itself by value through field "b"; make the field optional, or a list or map
    }
    struct B {
      C c = 1;  // expected-note: "B" contains "C"
    }
    struct C {
      A a = 1;  // expected-note: "C" contains "A"
    }
  )");
}

TEST(Recursion, ByValueBesideAUnionIsRefused) {
  check_compile(R"(
    package test;
    struct A {
      union body {
        B first = 1;
        int32 end = 2;
      }
      B second = 3;  // expected-error: struct "A" contains itself by value through field "second"; make the field optional, or a list or map
    }
    struct B {
      A a = 1;  // expected-note: "B" contains "A"
    }
  )");
}

TEST(Recursion, IsReportedOnceForEachCycle) {
  check_compile(R"(
    package test;
    struct A { A a = 1; }  // expected-error: struct "A" contains itself by value through field "a"; make the field optional, or a list or map
    struct B { B b = 1; }  // expected-error: struct "B" contains itself by value through field "b"; make the field optional, or a list or map
    struct C { A a = 1; B b = 2; }
  )");
}

TEST(Recursion, ThroughAUnionIsFine) {
  check_compile(R"(
    package test;
    struct Expr { union kind { Expr neg = 1; Sum sum = 2; int64 lit = 3; } }
    struct Sum { Expr left = 1; Expr right = 2; }
  )");
}

TEST(Recursion, ThroughOptionalListOrMapIsFine) {
  check_compile(R"(
    package test;
    struct A { optional A a = 1; list<A> b = 2; map<string, A> c = 3; optional B d = 4; }
    struct B { A a = 1; }
  )");
}

TEST(Components, AreNumberedFromWhatIsLedTo) {
  // 0 -> 1 <-> 2 -> 3
  const std::vector<std::size_t> found = components({{1}, {2}, {1, 3}, {}});
  EXPECT_EQ(found[1], found[2]);
  EXPECT_LT(found[3], found[1]);
  EXPECT_LT(found[1], found[0]);
}

TEST(Components, NeedNoStackForALongPath) {
  constexpr std::size_t kLength = 1'000'000;
  Graph graph(kLength);
  for (std::size_t i = 0; i + 1 < kLength; ++i) graph[i].push_back(i + 1);
  EXPECT_EQ(components(graph).front(), kLength - 1);
}

TEST(FindCycle, TakesTheShortestWay) {
  const Graph graph{{1, 2}, {3}, {0}, {0}};
  EXPECT_EQ(find_cycle(graph, components(graph), 0), (std::vector<std::size_t>{0, 2}));
}

TEST(FindCycle, FindsNoneWhereThereIsNone) {
  const Graph graph{{1}, {}};
  EXPECT_TRUE(find_cycle(graph, components(graph), 0).empty());
}

}  // namespace
}  // namespace rpcgen
