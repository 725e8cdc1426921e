// [allow = …]: who may call a method.
#include <gtest/gtest.h>

#include "tests/compiler/check_compile.h"

namespace rpcgen {
namespace {

TEST(Allow, TakesRolesPublicAndAuthenticated) {
  check_compile(R"(
    package test;
    service S [allow = "user"] {
      A();
      B() [allow = "admin"];
      C() [allow = public];
      D() [allow = authenticated];
      E() [allow_any = "admin, ops"];
      F() [allow_all = "admin,two_factor"];
    }
  )");
}

TEST(Allow, RefusesWhatIsNoRule) {
  check_compile(R"(
    package test;
    service S {
      A() [allow];             // expected-error: annotation "allow" lacks its value; expected a role as a string, public, or authenticated
      B() [allow = 5];         // expected-error: annotation "allow" is an integer; expected a role as a string, public, or authenticated
      C() [allow = pubic];     // expected-error: annotation "allow" is pubic; expected public, authenticated, or a role in quotes; did you mean "public"?
      D() [allow = ""];        // expected-error: annotation "allow" has the role ""; expected letters, digits, and _ - . : /
      E() [allow = "a b"];     // expected-error: annotation "allow" has the role "a b"; expected letters, digits, and _ - . : /
      F() [allow = "a, b"];    // expected-error: annotation "allow" is "a, b", which is 2 roles; expected one, or "allow_any" for callers that have one of them, or "allow_all" for those that have all
      G() [allow_any = "a"];   // expected-error: annotation "allow_any" has one role; expected two or more, as in "admin, ops", or "allow"
      H() [allow_all = "a, a"];  // expected-error: annotation "allow_all" has the role "a" twice
      I() [allow_any = "a,"];  // expected-error: annotation "allow_any" has the role ""; expected letters, digits, and _ - . : /
      J() [allow_any = public];  // expected-error: annotation "allow_any" is a name; expected a string
    }
  )");
}

TEST(Allow, IsSaidOnce) {
  check_compile(R"(
    package test;
    service S {
      A() [allow = "a",         // expected-note: it is given here
           allow_any = "b, c"]; // expected-error: annotation "allow_any" beside "allow"; expected one of the two
      B() [allow = "a",         // expected-note: it is given here
           allow = "b"];        // expected-error: annotation "allow" is given already
    }
  )");
}

TEST(Allow, BelongsToServicesAndMethods) {
  check_compile(R"(
    package test;
    struct A [allow = public] { int32 a = 1; }  // expected-error: annotation "allow" is unknown for a struct; it belongs to a service
  )");
}

TEST(Allow, IsMissedWhereOtherMethodsOfTheFileHaveIt) {
  check_compile(R"(
    package test;
    service S {
      A() [allow = public];
      B();  // expected-warning: method "B" does not say who may call it; a server with an authenticator denies it to everybody
    }
    service T [allow = "user"] { C(); }
    service U {
      D();  // expected-warning: method "D" does not say who may call it; a server with an authenticator denies it to everybody
    }
  )");
}

TEST(Allow, IsNotMissedWhereNoMethodOfTheFileHasIt) {
  check_compile(R"(
    package test;
    service S { A(); B(); }
  )");
}

}  // namespace
}  // namespace rpcgen
