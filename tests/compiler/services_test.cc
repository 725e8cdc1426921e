#include <gtest/gtest.h>

#include "compiler/sema/method_id.h"
#include "tests/compiler/check_compile.h"

namespace rpcgen {
namespace {

TEST(Service, WithoutMethodsIsSuspicious) {
  check_compile(R"(
    package test;
    service S {}  // expected-warning: service "S" has no methods
  )");
}

TEST(Methods, TakeAndGiveAnyType) {
  check_compile(R"(
    package test;
    enum Color { Red = 0; }
    service S {
      A();
      B(int32) -> Color;
      C(list<int32>) -> map<string, list<bytes>>;
      D() -> duration;
    }
  )");
}

TEST(Throws, NamesErrors) {
  check_compile(R"(
    package test;
    error NotFound {}
    struct Args {}             // expected-note: "Args" is declared here
    enum Color { Red = 0; }    // expected-note: "Color" is declared here
    service S {
      A() throws NotFound, test.NotFound;
      B() throws Args;         // expected-error: "Args" is a struct, not an error
      C() throws Color;        // expected-error: "Color" is an enum, not an error
      D() throws NotFond;      // expected-error: error "NotFond" is not declared; did you mean "NotFound"?
      E() throws NotFound, NotFound;  // expected-error: error "NotFound" is in the throws list already // expected-note: it is listed here
    }
  )");
}

TEST(Throws, TakesErrorsOfImports) {
  check_compile({{"main.rpc", R"(
                   package test;
                   import "a.rpc";
                   import "b.rpc";
                   service S {
                     A() throws OnlyA, a.Both, b.Both;
                     B() throws Both;  // expected-error: error "Both" is declared in several imports; expected its package, as in "a.Both"
                   }
                 )"},
                 {"a.rpc", "package a; error OnlyA {} error Both {}"},
                 {"b.rpc", "package b; error Both {}"}});
}

TEST(MethodIds, AreFnv1a) {
  EXPECT_EQ(method_id(""), 0x811c9dc5u);
  EXPECT_EQ(method_id("a"), 0xe40c292cu);
  EXPECT_EQ(method_id("foobar"), 0xbf9cf968u);
}

// The names were found by trying.
TEST(MethodIds, Differ) {
  check_compile(R"(
    package test;
    service S {
      m449599();     // expected-note: "test.S/m449599" is declared here
      m612382();     // expected-error: method "test.S/m612382" has the id 0x67e80502 on the wire, as has "test.S/m449599"; rename one of them
    }
  )");
}

}  // namespace
}  // namespace rpcgen
