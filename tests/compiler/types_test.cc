#include <gtest/gtest.h>

#include <string>

#include "tests/compiler/check_compile.h"

namespace rpcgen {
namespace {

TEST(Types, MustBeDeclared) {
  check_compile(R"(
    package test;
    struct Point {}
    struct A {
      Strng a = 1;              // expected-error: type "Strng" is not declared; did you mean "string"?
      list<Piont> b = 2;        // expected-error: type "Piont" is not declared; did you mean "Point"?
      map<string, Xyzzy> c = 3; // expected-error: type "Xyzzy" is not declared
      test.Poin d = 4;          // expected-error: type "test.Poin" is not declared; did you mean "test.Point"?
      integer e = 5;            // expected-error: type "integer" is not declared; did you mean "int32"?
      point f = 6;              // expected-error: type "point" is not declared; did you mean "Point"?
    }
    service S {
      F(Piont) -> Pint;  // expected-error: type "Piont" is not declared; did you mean "Point"? // expected-error: type "Pint" is not declared; did you mean "Point"?
    }
  )");
}

TEST(Types, MayBeUsedBeforeTheyAreDeclared) {
  check_compile("package test; struct A { B b = 1; } struct B { C c = 1; } enum C { X = 0; }");
}

TEST(Types, AreNeitherErrorsNorConstantsNorServices) {
  check_compile(R"(
    package test;
    error E {}              // expected-note: "E" is declared here
    const int32 kLimit = 1; // expected-note: "kLimit" is declared here
    service S { F(); }      // expected-note: "S" is declared here
    struct A {
      E a = 1;              // expected-error: "E" is an error, not a type; it can only be thrown
      kLimit b = 2;         // expected-error: "kLimit" is a constant, not a type
      list<S> c = 3;        // expected-error: "S" is a service, not a type
    }
  )");
}

TEST(Types, OfAnImportNeedTheirPackageOnlyInDoubt) {
  const std::string colors = "package colors; enum Kind { Red = 0; } struct Paint {}";
  check_compile({{"main.rpc", R"(
                   package test;
                   import "colors.rpc";
                   struct A { Kind a = 1; colors.Kind b = 2; Paint c = 3; }
                 )"},
                 {"colors.rpc", colors}});
  check_compile({{"main.rpc", R"(
                   package test;
                   import "colors.rpc";
                   import "shapes.rpc";
                   struct A {
                     Kind a = 1;  // expected-error: type "Kind" is declared in several imports; expected its package, as in "colors.Kind"
                     shapes.Kind b = 2;
                   }
                 )"},
                 {"colors.rpc",
                  "package colors; enum Kind { Red = 0; }  // expected-note: package \"colors\" "
                  "declares it here"},
                 {"shapes.rpc",
                  "package shapes; enum Kind { Round = 0; }  // expected-note: package \"shapes\" "
                  "declares it here"}});
}

TEST(Types, OfTheOwnPackageWinOverThoseOfOthers) {
  check_compile({{"main.rpc", R"(
                   package test;
                   import "mine.rpc";
                   import "other.rpc";
                   struct A { Kind kind = 1 [default = Mine]; }
                 )"},
                 {"mine.rpc", "package test; enum Kind { Mine = 0; }"},
                 {"other.rpc", "package other; enum Kind { Other = 0; }"}});
}

TEST(Types, OfAnImportsImportMustBeImported) {
  check_compile({{"main.rpc", R"(
                   package test;
                   import "middle.rpc";
                   struct A {
                     Far a = 1;      // expected-error: type "Far" is declared in "far.rpc", which this file does not import
                     far.Far b = 2;  // expected-error: type "far.Far" is declared in "far.rpc", which this file does not import
                   }
                 )"},
                 {"middle.rpc", "package middle; import \"far.rpc\"; struct M { Far far = 1; }"},
                 {"far.rpc",
                  "package far; struct Far {}  // expected-note: \"Far\" is declared here // "
                  "expected-note: \"Far\" is declared here"}});
}

TEST(MapKeys, AreBoolIntegerOrString) {
  check_compile(R"(
    package test;
    enum Color { Red = 0; }
    struct Point {}
    struct A {
      map<bool, int32> a = 1;
      map<uint64, int32> b = 2;
      map<string, int32> c = 3;
      map<double, int32> d = 4;        // expected-error: map key is of type "double"; expected bool, an integer or string
      map<Color, int32> e = 5;         // expected-error: map key is of type "Color"; expected bool, an integer or string
      map<Point, int32> f = 6;         // expected-error: map key is of type "Point"; expected bool, an integer or string
      list<map<bytes, int32>> g = 7;   // expected-error: map key is of type "bytes"; expected bool, an integer or string
      map<list<int32>, int32> h = 8;   // expected-error: map key is of type "list"; expected bool, an integer or string
      map<Nothing, int32> i = 9;       // expected-error: type "Nothing" is not declared
    }
  )");
}

std::string nested_list(int depth) {
  std::string type = "int32";
  for (int i = 1; i < depth; ++i) type = "list<" + type + ">";
  return type;
}

TEST(TypeDepth, Is16AtMost) {
  check_members(nested_list(16) + " deep = 1;");
  check_members(nested_list(17) +
                " deep = 1;  // expected-error: type nests 17 deep; at most 16 are allowed");
}

TEST(Optional, IsNoMemberOfAUnion) {
  check_members(R"(
    union body {
      optional int32 a = 1;  // expected-error: union member "a" is optional; a union can be empty as it is
    }
  )");
}

TEST(Union, HasMembers) {
  check_members(R"(
    union body {}  // expected-error: union "body" has no members; expected at least one
  )");
}

TEST(Union, MayHaveMembersOfTheSameType) {
  check_members("union body { int32 a = 1; int32 b = 2; }");
}

}  // namespace
}  // namespace rpcgen
