// One mistake is one message, and says what to write instead. What follows it in the same
// statement, or uses what it has made unknown, is no news.
#include <gtest/gtest.h>

#include "tests/compiler/check_compile.h"

namespace rpcgen {
namespace {

TEST(OneMistake, InAnImportCycleHidesItsTypes) {
  check_compile({{"main.rpc", R"(
                   package a;
                   import "b.rpc";  // expected-note: "b.rpc" is imported here
                   struct A { b.B b = 1; }
                 )"},
                 {"b.rpc", R"(
                   package b;
                   import "main.rpc";  // expected-error: import "main.rpc" closes a cycle
                   struct B { a.A a = 1; A c = 2; }
                   service S { F(a.A) throws a.E; }
                 )"}});
}

TEST(OneMistake, InAnImportHidesItsTypesButNoMisspeltOnes) {
  check_compile(R"(
    package test;
    import "gone.rpc";  // expected-error: import "gone.rpc": no such file in "."
    struct A {
      Thing a = 1;
      gone.Thing b = 2;
      Strng c = 3;  // expected-error: type "Strng" is not declared; did you mean "string"?
      int32 d = 4 [default = kThings];
    }
    service S { F(Thing) -> gone.Thing throws Gone; }
  )");
  check_compile(R"(
    package test;
    import gone;  // expected-error: expected a string in the import, got "gone"
    struct A { Thing a = 1; }
  )");
}

TEST(OneMistake, OfTwoDeclarationsIsTheSecondInTheText) {
  check_compile(R"(
    package test;
    struct A {}           // expected-note: struct "A" is declared here // expected-note: struct "A" is declared here
    enum A { X = 0; }     // expected-error: enum "A" is already declared
    const int32 A = 1;    // expected-error: constant "A" is already declared
    struct B {
      union x { int32 a = 1; }  // expected-note: union "x" is declared here // expected-note: "a" is declared here
      int32 b = 1;        // expected-error: field number 1 is already that of "a"; 3 is free
      int32 x = 2;        // expected-error: field "x" is already declared in struct "B"
    }
  )");
}

TEST(OneMistake, IsATypeOfAnotherLibrary) {
  check_members(R"(
    set<int32> a = 1;     // expected-error: expected a name in the field, got "<"; did you mean "list" instead of "set"?
    vector<int32> b = 2;  // expected-error: expected a name in the field, got "<"; did you mean "list" instead of "vector"?
    queue<int32> c = 3;   // expected-error: expected a name in the field, got "<"; only list and map have types in '<>'
    optional<int32> d = 4;  // expected-error: expected a type in the field, got "<"; write "optional T name"
    list<Strng> e = 5;    // expected-error: type "Strng" is not declared; did you mean "string"?
  )");
}

TEST(OneMistake, IsATypeThatIsMissing) {
  check_compile(R"(
    package test;
    struct A {
      list<> a = 1;              // expected-error: expected a type between '<' and '>', got ">"
      map<> b = 2;               // expected-error: expected a type between '<' and '>', got ">"
      map<string,> c = 3;        // expected-error: expected a type between '<' and '>', got ">"
      list<list<>> d = 4;        // expected-error: expected a type between '<' and '>', got ">"
      list<int32, int32> e = 5;  // expected-error: expected '>' in the type, got ","
      = 6;                       // expected-error: expected a field or '}' in the struct, got "="
    }
    const 5 k = 1;               // expected-error: expected a type in the constant, got "5"
    service S {
      F(list<>) -> int32;        // expected-error: expected a type between '<' and '>', got ">"
      G() -> 5;                  // expected-error: expected a type in the method's result, got "5"
    }
  )");
}

TEST(OneMistake, IsANameWithADash) {
  check_members(R"(
    int32 user-id = 1;  // expected-error: expected '=' in the field, got "-"; a name is letters, digits and "_"
    string id = 2;
  )");
}

TEST(OneMistake, IsABase) {
  check_compile(R"(
    package test;
    enum G : int32 { A = 0; }          // expected-error: expected '{' in the enum, got ":"; the values of an enum are int32
    struct Base { G g = 1 [default = A]; }
    struct D extends Base { Strng s = 1; }  // expected-error: expected '{' in the struct, got "extends"; a struct has no base, but can have a field of another struct // expected-error: type "Strng" is not declared; did you mean "string"?
    struct E : Base { D d = 1; }       // expected-error: expected '{' in the struct, got ":"; a struct has no base, but can have a field of another struct
    service S extends T { F(E); }      // expected-error: expected '{' in the service, got "extends"; a service has no base
    struct F;                          // expected-error: expected '{' in the struct, got ";"
  )");
}

TEST(OneMistake, IsADefinitionInAnother) {
  check_compile(R"(
    package test;
    struct A {
      struct B { int32 x = 1; }  // expected-error: expected a field or '}' in the struct, got "struct"; definitions stand beside each other, not in one another
      enum C { X = 0; }          // expected-error: expected a field or '}' in the struct, got "enum"; definitions stand beside each other, not in one another
      B b = 1;
      list<C> c = 2;
      Strng d = 3;               // expected-error: type "Strng" is not declared; did you mean "string"?
    }
    struct D { A a = 1; B b = 2; }
  )");
}

TEST(OneMistake, IsAnOptionalInAUnion) {
  check_members(R"(
    union u {
      optional string a = 1;    // expected-error: union member "a" is optional; a union can be empty as it is
      optional optional = 2;    // expected-error: expected a type in the field, got "optional"
      string optional = 3;
    }
  )");
}

TEST(OneMistake, IsAnAnnotationWithoutItsEqualsSign) {
  check_members(R"(
    int32 a = 1 [default 3];      // expected-error: expected '=' after "default" in the annotations, got "3"
    string b = 2 [name "x"];      // expected-error: expected '=' after "name" in the annotations, got ""x""
    int32 c = 3 [default: 3];     // expected-error: expected '=' after "default" in the annotations, got ":"
    bool d = 4 [default true];    // expected-error: expected '=', ',' or ']' in the annotations, got "true"
  )");
}

TEST(OneMistake, IsAnEnumValueThatCannotBeRead) {
  check_compile(R"(
    package test;
    enum E { A = 0, B = 1 }       // expected-error: expected ';' after the enum value, got ","; a value is written "Name = 1;"
    enum F { 5; }                 // expected-error: expected an enum value or '}' in the enum, got "5"
    struct S { E e = 1 [default = B]; F f = 2 [default = Five]; }
    const int32 kOne 1;           // expected-error: expected '=' in the constant, got "1"
    struct T { int32 a = 1 [default = kOne]; union u { 5; } }  // expected-error: expected a field or '}' in the union, got "5"
    service V { 5; }              // expected-error: expected a method or '}' in the service, got "5"
  )");
}

TEST(Newcomers, FromProtobufAreToldOurWords) {
  check_compile(R"(
    syntax = "proto3";   // expected-error: "syntax" is no word of this language; a file begins with "package name;"
    package test;
    option go_package = "x";  // expected-error: "option" is no word of this language; there are no options of a file
    message M { int32 a = 1; }  // expected-error: "message" is no word of this language; write "struct"
    struct A {
      oneof body { int32 x = 1; string y = 2; }  // expected-error: "oneof" is no word of this language; write "union"
      repeated string names = 3;  // expected-error: "repeated" is no word of this language; write "list<T>" as the type
      message Inner { int32 z = 1; }  // expected-error: "message" is no word of this language; definitions stand beside each other, as "struct"
      M m = 4;
      Inner inner = 5;
    }
    service S {
      rpc Get(A) returns (A);     // expected-error: "rpc" is no word of this language; write "Name(Argument) -> Result;"
      rpc Put(A) returns (A) {}   // expected-error: "rpc" is no word of this language; write "Name(Argument) -> Result;"
      Post(A) -> M;
    }
  )");
}

TEST(Newcomers, FromThriftAreToldOurWords) {
  check_compile(R"(
    namespace cpp test   // expected-error: "namespace" is no word of this language; write "package"
    exception E {        // expected-error: "exception" is no word of this language; write "error"
      1: string why
    }
    struct A {
      1: i32 a;          // expected-error: expected a field or '}' in the struct, got "1"; a field is written "type name = 1;"
    }
    service S {
      void ping();       // expected-error: "void" is no word of this language; a method without a result is written "Name(Argument);"
      A get(A a);        // expected-error: expected '(' in the method, got "get"; a method is written "Name(Argument) -> Result;"
      put(A a, A b);     // expected-error: expected ')' in the method, got "a"; a method has one argument at most, and it has no name
      set(A) throws E;
    }
  )");
}

TEST(Newcomers, AreToldOurTypes) {
  check_members(R"(
    int a = 1;       // expected-error: type "int" is not declared; did you mean "int32"?
    i32 b = 2;       // expected-error: type "i32" is not declared; did you mean "int32"?
    uint8 c = 3;     // expected-error: type "uint8" is not declared; did you mean "uint32"?
    boolean d = 4;   // expected-error: type "boolean" is not declared; did you mean "bool"?
    float64 e = 5;   // expected-error: type "float64" is not declared; did you mean "double"?
    google.protobuf.Timestamp f = 6;  // expected-error: type "google.protobuf.Timestamp" is not declared; did you mean "timestamp"?
  )");
}

TEST(Newcomers, AreToldHowThingsAreWritten) {
  check_compile(R"(
    # comment                    // expected-error: expected a struct, error, enum, const or service, got "#"; a comment begins with "//"
    package test;
    enum E { Red; Green; }       // expected-error: expected '=' in the enum value, got ";"; a value is written "Name = 1;" // expected-error: expected '=' in the enum value, got ";"; a value is written "Name = 1;"
    const MAX = 10;              // expected-error: expected a name in the constant, got "="
    const string k = 'x';        // expected-error: expected a value in the constant, got "'"; strings stand in '"'
    union U { int32 a = 1; }     // expected-error: "union" is unexpected; a union stands in a struct
    struct A {
      name: string = 1;          // expected-error: expected a name in the field, got ":"; a field is written "type name = 1;"
      int32? a = 2;              // expected-error: expected a name in the field, got "?"; write "optional T name"
      int32[] b = 3;             // expected-error: expected a name in the field, got "["; a list is written "list<T> name", and annotations stand in one '[]'
      list<optional int32> c = 4;  // expected-error: expected a type between '<' and '>', got "optional"; only a field is optional
      int32 d = 5 (deprecated);  // expected-error: expected ';' after the field, got "("; annotations stand in '[]'
      int32 “e” = 6;             // expected-error: expected a name in the field, got "“"; outside of strings and comments all is ASCII
    }
    service S {
      F(A) throws (E);           // expected-error: expected a name in the throws list, got "("; the errors stand without brackets
      G(A) -> (A);               // expected-error: expected a type in the method's result, got "("; the type stands without brackets
      H(A) -> void;              // expected-error: type "void" is not declared; a method without a result has no "->"
      I(A) raises E;             // expected-error: expected ';' after the method, got "raises"; did you mean "throws"?
    }
  )");
}

TEST(Wording, HasTheRightArticle) {
  check_compile(R"(
    package test;
    enum E { A = 0; }
    const E a = A;       // expected-error: constant "a" cannot be an enum; expected bool, an integer, float, double or string
    const bytes b = "";  // expected-error: constant "b" cannot be bytes; expected bool, an integer, float, double or string
    struct S { bytes b = 1 [default = "x"]; }  // expected-error: field "b" is bytes, which cannot have a default
  )");
}

}  // namespace
}  // namespace rpcgen
