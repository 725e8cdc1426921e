#include <gtest/gtest.h>

#include "tests/compiler/check_compile.h"

namespace rpcgen {
namespace {

TEST(Constants, HaveASimpleType) {
  check_compile(R"(
    package test;
    struct Point {}
    const bool a = true;
    const float b = 1;
    const string c = "text";
    const duration d = 1s;         // expected-error: constant "d" cannot be a duration; expected bool, an integer, float, double or string
    const Point e = 1;             // expected-error: constant "e" cannot be a struct; expected bool, an integer, float, double or string
    const list<int32> f = 1;       // expected-error: constant "f" cannot be a list; expected bool, an integer, float, double or string
    const Nothing g = 1;           // expected-error: type "Nothing" is not declared
  )");
}

TEST(Constants, FitTheirType) {
  check_compile(R"(
    package test;
    const int32 a = 2147483648;   // expected-error: constant "a" is 2147483648; int32 takes -2147483648 to 2147483647
    const int32 b = -2147483648;
    const uint32 c = -1;          // expected-error: constant "c" is -1; uint32 takes 0 to 4294967295
    const int64 d = 9223372036854775808;   // expected-error: constant "d" is 9223372036854775808; int64 takes -9223372036854775808 to 9223372036854775807
    const int64 e = -9223372036854775808;
    const uint64 f = 18446744073709551615;
    const bool g = 1;             // expected-error: constant "g" is an integer; expected a value of bool
    const string h = 1.5;         // expected-error: constant "h" is a floating-point number; expected a value of string
    const double i = "1";         // expected-error: constant "i" is a string; expected a value of double
    const float j = 1e39;         // expected-error: constant "j" is 1e+39; float takes -3.4028235e+38 to 3.4028235e+38
    const int32 k = 1.0;          // expected-error: constant "k" is a floating-point number; expected a value of int32
    const int32 l = true;         // expected-error: constant "l" is a bool; expected a value of int32
    const double m = 1e400;       // expected-error: number is out of the range of a double
  )");
}

TEST(Constants, HoldTheLargestAndTheSmallestNumbers) {
  check_compile(R"(
    package test;
    const float a = 3.4028235e38;
    const float b = 3.40282347e+38;
    const float c = -3.4028235677973362e38;
    const float d = 3.4028235677973366e38;  // expected-error: constant "d" is 3.4028235677973366e+38; float takes -3.4028235e+38 to 3.4028235e+38
    const float e = 1e-45;
    const float f = 1e-46;                  // expected-error: constant "f" is 1e-46, which is nearer to 0 than any float but 0
    const double g = 5e-324;
    const double h = 1e-310;
    const double i = 1e-400;                // expected-error: number is nearer to 0 than any double but 0
    const float j = 0.0;
    const double k = 0.0e-999;
    struct S {
      duration least = 1 [default = -9223372036854775808ns];
      duration less = 2 [default = -9223372036854775809ns];  // expected-error: duration does not fit in 64 bits of nanoseconds
      duration more = 3 [default = 9223372036854775808ns];   // expected-error: duration does not fit in 64 bits of nanoseconds
      duration hours = 4 [default = -2562047h];
    }
  )");
}

TEST(Constants, AreNotCalledLikeValues) {
  check_compile(R"(
    package test;
    const int32 true = 1;  // expected-error: constant "true" has the name of a bool's value
    const bool false = true;  // expected-error: constant "false" has the name of a bool's value
  )");
}

TEST(Constants, DoNotDependOnEachOther) {
  check_compile(R"(
    package test;
    const int32 a = b;  // expected-error: constant "a" is a name; expected a value
    const int32 b = a;  // expected-error: constant "b" is a name; expected a value
  )");
}

TEST(Defaults, FitTheFieldsType) {
  check_members(R"(
    int32 a = 1 [default = "1"];          // expected-error: default of field "a" is a string; expected a value of int32
    uint32 b = 2 [default = 4294967296];  // expected-error: default of field "b" is 4294967296; uint32 takes 0 to 4294967295
    bool c = 3 [default = yes];           // expected-error: default of field "c" is a name; expected a value of bool
    string d = 4 [default = 500ms];       // expected-error: default of field "d" is a duration; expected a value of string
    duration e = 5 [default = 500];       // expected-error: default of field "e" is an integer; expected a value of duration
    float f = 6 [default = -1e39];        // expected-error: default of field "f" is -1e+39; float takes -3.4028235e+38 to 3.4028235e+38
    duration g = 7 [default = 300000h];
    duration h = 8 [default = 3000000h];  // expected-error: duration does not fit in 64 bits of nanoseconds
    uint64 i = 9 [default = -0];
  )");
}

TEST(Defaults, OfAnEnumAreItsValues) {
  check_compile(R"(
    package test;
    enum Color { Red = 0; Green = 1; }
    enum Other { Round = 0; }
    struct A {
      Color a = 1 [default = Green];
      Color b = 2 [default = Color.Green];
      Color c = 3 [default = test.Color.Green];
      Color d = 4 [default = Gren];         // expected-error: default of field "d" is "Gren"; enum "Color" has no such value; did you mean "Green"?
      Color e = 5 [default = Other.Round];  // expected-error: default of field "e" is "Other.Round"; expected a value of enum "Color"
      Color f = 6 [default = 1];            // expected-error: default of field "f" is an integer; expected a value of enum "Color"
      Color g = 7 [default = Round];        // expected-error: default of field "g" is "Round"; enum "Color" has no such value
    }
  )");
}

TEST(Defaults, CanBeConstants) {
  check_compile({{"main.rpc", R"(
                   package test;
                   import "other.rpc";
                   const int32 kBig = 70000;
                   struct A {
                     int64 a = 1 [default = kBig];
                     int64 b = 2 [default = other.kSmall];
                     string c = 3 [default = kBig];  // expected-error: default of field "c" is an integer; expected a value of string
                     int64 d = 4 [default = kBog];   // expected-error: default of field "d" is a name; expected a value of int64
                   }
                 )"},
                 {"other.rpc", "package other; const int32 kSmall = -1;"}});
}

TEST(Defaults, AreNotForEveryField) {
  check_members(R"(
    optional int32 a = 1 [default = 1];  // expected-error: field "a" cannot have a default: it is optional, so that it can be absent
    list<int32> b = 2 [default = 1];     // expected-error: field "b" is a list, which cannot have a default
    bytes c = 3 [default = "x"];         // expected-error: field "c" is bytes, which cannot have a default
    timestamp d = 4 [default = 1];       // expected-error: field "d" is a timestamp, which cannot have a default
    optional Message e = 5;
    union body {
      int32 f = 6 [default = 1];         // expected-error: field "f" cannot have a default: it is in a union, which is empty by default
    }
  )");
}

}  // namespace
}  // namespace rpcgen
