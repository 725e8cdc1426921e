#include <gtest/gtest.h>

#include "tests/compiler/check_compile.h"

namespace rpcgen {
namespace {

TEST(Package, MustBeThere) {
  check_compile(
      R"(struct A {}  // expected-error: file has no package; expected "package name;" as its first statement
)");
}

TEST(Package, MustComeFirst) {
  check_compile(R"(
    struct A {}
    package test;  // expected-error: package comes too late; expected it as the first statement of the file
  )");
}

TEST(Package, CanBeGivenOnce) {
  check_compile(R"(
    package test;   // expected-note: package is declared here
    package other;  // expected-error: file has a package already
  )");
}

TEST(Package, CanBeCalledLikeANamespaceOfOthers) {
  check_compile("package std;");
  check_compile("package a.tern.b;");
}

TEST(TopLevelNames, DifferWhateverTheyName) {
  check_compile(R"(
    package test;
    const int32 Thing = 1;  // expected-note: constant "Thing" is declared here // expected-note: constant "Thing" is declared here // expected-note: constant "Thing" is declared here // expected-note: constant "Thing" is declared here
    enum Thing { A = 0; }   // expected-error: enum "Thing" is already declared
    struct Thing {}         // expected-error: struct "Thing" is already declared
    error Thing {}          // expected-error: error "Thing" is already declared
    service Thing { F(); }  // expected-error: service "Thing" is already declared
  )");
}

TEST(TopLevelNames, DifferAmongTheFilesOfAPackage) {
  check_compile({{"main.rpc", R"(
                   package test;
                   import "other.rpc";
                   struct Thing {}  // expected-error: struct "Thing" is already declared
                 )"},
                 {"other.rpc", R"(
                   package test;
                   struct Thing {}  // expected-note: struct "Thing" is declared here
                 )"}});
}

TEST(TopLevelNames, MayRepeatInAnotherPackage) {
  check_compile({{"main.rpc", "package test; import \"other.rpc\"; struct Thing {}"},
                 {"other.rpc", "package other; struct Thing {}"}});
}

TEST(TopLevelNames, AreNoBuiltInTypes) {
  check_compile(R"(
    package test;
    struct string {}  // expected-error: struct "string" has the name of a built-in type
  )");
}

TEST(MemberNames, DifferInAMessage) {
  check_members(R"(
    int32 a = 1;   // expected-note: field "a" is declared here // expected-note: field "a" is declared here
    string a = 2;  // expected-error: field "a" is already declared in struct "Message"
    union a {      // expected-error: union "a" is already declared in struct "Message"
      bool b = 3;  // expected-note: union member "b" is declared here
      bool b = 4;  // expected-error: union member "b" is already declared in struct "Message"
    }
  )");
}

TEST(MemberNames, DifferInJson) {
  check_members(R"(
    int32 a = 1;                // expected-note: field "a" is declared here
    int32 b = 2 [name = "a"];   // expected-error: field "b" is called "a" in JSON, as is "a"
    int32 c = 3 [name = "C"];   // expected-note: field "c" is declared here
    int32 d = 4 [name = "C"];   // expected-error: field "d" is called "C" in JSON, as is "c"
  )");
}

TEST(MemberNames, CanChangePlacesInJson) {
  check_members(R"(
    int32 a = 1 [name = "b"];
    int32 b = 2 [name = "a"];
  )");
}

TEST(EnumValueNames, Differ) {
  check_compile(R"(
    package test;
    enum Color {
      Red = 0;  // expected-note: enum value "Red" is declared here
      Red = 1;  // expected-error: enum value "Red" is already declared in enum "Color"
    }
  )");
}

TEST(MethodNames, DifferInAService) {
  check_compile(R"(
    package test;
    service S {
      Run();       // expected-note: method "Run" is declared here
      Run(int32);  // expected-error: method "Run" is already declared in service "S"
    }
    service T { Run(); }
  )");
}

}  // namespace
}  // namespace rpcgen
