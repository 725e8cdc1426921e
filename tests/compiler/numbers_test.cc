#include <gtest/gtest.h>

#include "tests/compiler/check_compile.h"

namespace rpcgen {
namespace {

TEST(FieldNumbers, GoFromOneToAThousand) {
  check_members(R"(
    int32 a = 1;
    int32 b = 1000;
    int32 c = 0;     // expected-error: field number 0 is out of range; expected 1 to 1000
    int32 d = 1001;  // expected-error: field number 1001 is out of range; expected 1 to 1000
    int32 e = -1;    // expected-error: field number -1 is out of range; expected 1 to 1000
    int32 f = 18446744073709551615;  // expected-error: field number 18446744073709551615 is out of range; expected 1 to 1000
    int32 g = 18446744073709551616;  // expected-error: number does not fit in 64 bits
    int32 h = 0x10;
  )");
}

TEST(FieldNumbers, Differ) {
  check_members(R"(
    int32 a = 1;    // expected-note: "a" is declared here
    int32 b = 7;
    string c = 1;   // expected-error: field number 1 is already that of "a"; 8 is free
  )");
}

TEST(FieldNumbers, DifferFromThoseInUnions) {
  check_members(R"(
    int32 a = 1;      // expected-note: "a" is declared here
    union body {
      int32 b = 1;    // expected-error: field number 1 is already that of "a"; 3 is free
      int32 c = 2;    // expected-note: "c" is declared here
    }
    union other {
      int32 d = 2;    // expected-error: field number 2 is already that of "c"; 3 is free
    }
  )");
}

TEST(FieldNumbers, AreNotSuggestedWhereNoneIsLeft) {
  check_members(R"(
    int32 a = 1000;  // expected-note: "a" is declared here
    int32 b = 1000;  // expected-error: field number 1000 is already that of "a"
  )");
}

TEST(Reserved, KeepsNumbersAndNames) {
  check_members(R"(
    reserved 2, 5 to 9;  // expected-note: it is reserved here // expected-note: it is reserved here
    reserved "gone";     // expected-note: it is reserved here
    int32 a = 1;
    int32 b = 2;         // expected-error: field number 2 is reserved; 10 is free
    int32 c = 7;         // expected-error: field number 7 is reserved; 10 is free
    int32 gone = 3;      // expected-error: field name "gone" is reserved
  )");
}

TEST(Reserved, HoldsInUnionsAndErrors) {
  check_compile(R"(
    package test;
    error E {
      reserved 1;     // expected-note: it is reserved here
      int32 a = 1;    // expected-error: field number 1 is reserved; 3 is free
      union body {
        int32 b = 2;
      }
    }
  )");
}

TEST(Reserved, RangesRunUpwardsWithinTheLimits) {
  check_members(R"(
    reserved 12 to 10;   // expected-error: reserved range 12 to 10 is empty; did you mean 10 to 12?
    reserved 0;          // expected-error: reserved number 0 is out of range; expected 1 to 1000
    reserved 5 to 2000;  // expected-error: reserved number 2000 is out of range; expected 1 to 1000
    reserved 7 to 7;
  )");
}

TEST(EnumNumbers, Differ) {
  check_compile(R"(
    package test;
    enum Color {
      Red = 1;      // expected-note: "Red" is declared here
      Scarlet = 1;  // expected-error: enum value 1 is already that of "Red"
    }
  )");
}

TEST(EnumNumbers, FitInto32Bits) {
  check_compile(R"(
    package test;
    enum Color {
      A = 2147483647;
      B = -2147483648;
      C = 2147483648;   // expected-error: enum value 2147483648 is out of range; expected -2147483648 to 2147483647
      D = -2147483649;  // expected-error: enum value -2147483649 is out of range; expected -2147483648 to 2147483647
    }
  )");
}

TEST(EnumNumbers, AreThere) {
  check_compile(R"(
    package test;
    enum Color {}  // expected-error: enum "Color" has no values; expected at least one
  )");
}

TEST(Reserved, NamesAreNamesInJsonToo) {
  check_members(R"(
    reserved "born-in";                     // expected-note: it is reserved here
    reserved "";                            // expected-error: reserved name is empty; expected that of a declaration
    string city = 1 [name = "born-in"];     // expected-error: field "city" is called "born-in" in JSON, which is reserved
  )");
}

TEST(ReservedInEnums, KeepsNumbersAndNamesFromComingBack) {
  check_compile(R"(
    package test;
    enum Kind {
      reserved 2, -9 to -5, "Gone";  // expected-note: it is reserved here // expected-note: it is reserved here // expected-note: it is reserved here
      A = 0;
      B = 2;         // expected-error: enum value 2 is reserved
      C = -5;        // expected-error: enum value -5 is reserved
      D = -4;
      E = 10;
      Gone = 3;      // expected-error: enum value name "Gone" is reserved
      reserved = 4;
    }
  )");
}

TEST(ReservedInEnums, MayHoldOneAnother) {
  check_compile(R"(
    package test;
    enum Kind {
      A = 0;
      B = 50;        // expected-error: enum value 50 is reserved
      C = 101;
      reserved 1 to 100;  // expected-note: it is reserved here
      reserved 5 to 9, -2147483648 to -1;
    }
  )");
}

TEST(ReservedInEnums, MakeSense) {
  check_compile(R"(
    package test;
    enum Kind {
      A = 0;
      reserved 12 to 10;    // expected-error: reserved range 12 to 10 is empty; did you mean 10 to 12?
      reserved 2147483648;  // expected-error: reserved number 2147483648 is out of range; expected -2147483648 to 2147483647
      reserved "";          // expected-error: reserved name is empty; expected that of a declaration
    }
  )");
}

}  // namespace
}  // namespace rpcgen
