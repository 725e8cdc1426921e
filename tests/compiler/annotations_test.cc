#include <gtest/gtest.h>

#include "tests/compiler/check_compile.h"

namespace rpcgen {
namespace {

TEST(Annotations, AreKnown) {
  check_compile(R"(
    package test;
    enum Color [deprecatd] {  // expected-error: annotation "deprecatd" is unknown for an enum; did you mean "deprecated"?
      Red = 0 [color];        // expected-error: annotation "color" is unknown for an enum value
    }
    struct A [name = "B"] {   // expected-error: annotation "name" is unknown for a struct; it belongs to a field
      int32 a = 1 [timeout = 1s];  // expected-error: annotation "timeout" is unknown for a field; it belongs to a method
      union body {
        int32 b = 2 [nme = "c"];   // expected-error: annotation "nme" is unknown for a field; did you mean "name"?
      }
    }
    service S [idempotent] {  // expected-error: annotation "idempotent" is unknown for a service; it belongs to a method
      F() [default = 1];      // expected-error: annotation "default" is unknown for a method; it belongs to a field
    }
  )");
}

TEST(Annotations, HaveValuesOfTheRightKind) {
  check_compile(R"(
    package test;
    struct A {
      int32 a = 1 [name = 5];             // expected-error: annotation "name" is an integer; expected a string
      int32 b = 2 [name];                 // expected-error: annotation "name" lacks its value; expected a string
      int32 c = 3 [name = ""];            // expected-error: annotation "name" is empty; expected the field's name in JSON
      int32 d = 4 [deprecated = true];    // expected-error: annotation "deprecated" takes no value
      int32 e = 5 [default];              // expected-error: annotation "default" lacks its value; expected a value
    }
    service S {
      F() [timeout = 500];                // expected-error: annotation "timeout" is an integer; expected a duration such as 500ms
      G() [timeout = 0s];                 // expected-error: annotation "timeout" is not above zero; expected a duration such as 500ms
      H() [timeout = -1s];                // expected-error: annotation "timeout" is not above zero; expected a duration such as 500ms
      I() [idempotent = yes];             // expected-error: annotation "idempotent" takes no value
    }
  )");
}

TEST(Annotations, AreGivenOnce) {
  check_members(R"(
    int32 a = 1 [deprecated, deprecated];  // expected-error: annotation "deprecated" is given already // expected-note: it is given here
  )");
}

TEST(Annotations, OfAnErrorAreItsMessageAndCode) {
  check_compile(R"(
    package test;
    error A [message = "text", code = not_found, deprecated] {}
    error B [message = text] {}           // expected-error: annotation "message" is a name; expected a string
    error C [code = "not_found"] {}       // expected-error: annotation "code" is a string; expected a name
    error D [code = not_fond] {}          // expected-error: annotation "code" is "not_fond"; expected gRPC's name of a code in lower snake case; did you mean "not_found"?
    error E [code = ok] {}                // expected-error: annotation "code" is "ok"; expected gRPC's name of a code in lower snake case
    struct F [message = "text"] {}        // expected-error: annotation "message" is unknown for a struct; it belongs to an error
  )");
}

TEST(Annotations, OfFormsInProtobufAreForTheIntegersThatHaveThem) {
  check_compile(R"(
    package test;
    enum Color { Red = 0; }
    struct Inner { int64 a = 1; }
    struct Good {
      int32 a = 1 [proto = sint32];
      optional int64 b = 2 [proto = sfixed64];
      list<list<uint64>> c = 3 [proto = fixed64];
      map<int32, list<uint32>> d = 4 [proto = fixed32, proto_key = sfixed32];
      map<uint64, string> e = 5 [proto_key = fixed64];
      union f { int64 g = 6 [proto = sint64]; }
      int64 h = 7 [proto = sint64, default = -1];
    }
    struct Bad {
      int64 a = 1 [proto];              // expected-error: annotation "proto" lacks its value; expected a name
      int64 b = 2 [proto = "sint64"];   // expected-error: annotation "proto" is a string; expected a name
      int64 c = 3 [proto = int64];      // expected-error: annotation "proto" is "int64"; expected sint32, sint64, fixed32, fixed64, sfixed32, sfixed64; did you mean "sint64"?
      int64 d = 4 [proto = fixed64];    // expected-error: annotation "proto" is "fixed64"; expected sint64 or sfixed64 for an int64
      list<uint32> e = 5 [proto = sint32];  // expected-error: annotation "proto" is "sint32"; expected fixed32 for a uint32
      Color f = 6 [proto = sint32];     // expected-error: annotation "proto" expects integers, alone, in a list or as values of a map; this is an enum
      Inner g = 7 [proto = sint64];     // expected-error: annotation "proto" expects integers, alone, in a list or as values of a map; this is a struct
      map<int64, string> h = 8 [proto = sint64];      // expected-error: annotation "proto" expects integers, alone, in a list or as values of a map; this is a string
      map<string, int64> i = 9 [proto_key = sint64];  // expected-error: annotation "proto_key" expects a map whose keys are integers; this is a string
      list<int64> j = 10 [proto_key = sint64];        // expected-error: annotation "proto_key" expects a map whose keys are integers; this is a list
      Missing k = 11 [proto = sint64];  // expected-error: type "Missing" is not declared
    }
    struct Worse [proto = sint64] {}    // expected-error: annotation "proto" is unknown for a struct; it belongs to a field
  )");
}

TEST(Annotations, OfKeysAreForWhatIsEqualToItself) {
  check_compile(R"(
    package test;
    struct Key [hash, ordered] {
      int32 a = 1;
      list<map<string, bytes>> b = 2;
      optional Inner c = 3;
      union d { Inner e = 4; timestamp f = 5; }
      optional Key g = 6;
    }
    struct Inner [ordered, hash] { bool a = 1; }
    struct Real [hash] {
      double a = 1;                 // expected-error: field "a" holds a double, so struct "Real" cannot be [hash]: NaN is not equal to itself
      map<int32, list<float>> b = 2;  // expected-error: field "b" holds a float, so struct "Real" cannot be [hash]: NaN is not equal to itself
      union c { double d = 3; }     // expected-error: field "d" holds a double, so struct "Real" cannot be [hash]: NaN is not equal to itself
    }
    struct Plain { double a = 1; }  // expected-note: "Plain" is declared here
    struct Half [hash, ordered] { Hashed a = 1; }  // expected-error: field "a" holds struct "Hashed", which is not [ordered], as struct "Half" is
    struct Hashed [hash] { int32 a = 1; }  // expected-note: "Hashed" is declared here
    struct Outer [ordered] { list<Plain> a = 1; }  // expected-error: field "a" holds struct "Plain", which is not [ordered], as struct "Outer" is
    error Failed [hash] { int32 a = 1; }   // expected-error: annotation "hash" is unknown for an error; it belongs to a struct
    error Lost [keep_unknown] { int32 a = 1; }  // expected-error: annotation "keep_unknown" is unknown for an error; it belongs to a struct
    enum Color [ordered] { Red = 0; }      // expected-error: annotation "ordered" is unknown for an enum; it belongs to a struct
  )");
}

}  // namespace
}  // namespace rpcgen
