#include <gtest/gtest.h>

#include <string>

#include "tests/compiler/check_compile.h"

namespace rpcgen {
namespace {

TEST(Syntax, TellsWhatIsMissingBehindAStatement) {
  check_compile(R"(
    package test      // expected-error: expected ';' after the package, got "import"
    import "a.rpc"    // expected-error: expected ';' after the import, got "const" // expected-error: import "a.rpc": no such file in "."
    const int32 a = 1 // expected-error: expected ';' after the constant, got "enum"
    enum E {
      A = 0           // expected-error: expected ';' after the enum value, got "B"
      B = 1;
    }
    struct S {
      int32 a = 1     // expected-error: expected ';' after the field, got "int32"
      int32 b = 2;
      reserved 3      // expected-error: expected ';' after the reserved list, got "union"
      union u {
        int32 c = 4   // expected-error: expected ';' after the field, got "}"
      }
    }
    service T {
      A()             // expected-error: expected ';' after the method, got "B"
      B();
    }
  )");
}

TEST(Syntax, TellsWhatIsMissingInAField) {
  check_members(R"(
    int32 a;        // expected-error: expected '=' in the field, got ";"
    int32 b = ;     // expected-error: expected an integer in the field, got ";"
    int32 c 3;      // expected-error: expected '=' in the field, got "3"
    int32 = 4;      // expected-error: expected a name in the field, got "="
    list<int32 e = 5;       // expected-error: expected '>' in the type, got "e"
    list int32 f = 6;       // expected-error: expected '<' in the type, got "int32"
    map<string> g = 7;      // expected-error: expected ',' in the type, got ">"
    int32 h = 8 [name = ];  // expected-error: expected a value in the annotations, got "]"
    int32 i = 9 [];         // expected-error: expected a name in the annotations, got "]"
    int32 j = "ten";        // expected-error: expected an integer in the field, got ""ten""
    int32 k = 1.5;          // expected-error: expected an integer in the field, got "1.5"
    int32 l = 12abc;        // expected-error: "12abc" is no number: not an integer, a decimal fraction or a duration such as 500ms
    int32 é = 13;           // expected-error: expected a name in the field, got "é"; outside of strings and comments all is ASCII
    int32 last = 14;
    Strng seen = 15;        // expected-error: type "Strng" is not declared; did you mean "string"?
  )");
}

TEST(Syntax, TellsWhatIsMissingInAService) {
  check_compile(R"(
    package test;
    struct A {}
    service S {
      F(A) -> ;              // expected-error: expected a type in the method's result, got ";"
      S(A) -> steam A;       // expected-error: expected ';' after the method, got "A"; did you mean "stream" instead of "steam"?
      T(strem A) -> A;       // expected-error: expected ')' in the method, got "A"; did you mean "stream" instead of "strem"?
      G(A) -> A throw E;     // expected-error: expected ';' after the method, got "throw"; did you mean "throws"?
      H A;                   // expected-error: expected '(' in the method, got "A"; a method is written "Name(Argument) -> Result;"
      I(A;                   // expected-error: expected ')' in the method, got ";"
      J() throws;            // expected-error: expected a name in the throws list, got ";"
      K(Strng);              // expected-error: type "Strng" is not declared; did you mean "string"?
    }
  )");
}

TEST(Syntax, SuggestsTheKeyword) {
  check_compile(R"(
    package test;
    strct A {}    // expected-error: expected a struct, error, enum, const or service, got "strct"; did you mean "struct"?
    servce B {}   // expected-error: expected a struct, error, enum, const or service, got "servce"; did you mean "service"?
  )");
}

TEST(Syntax, LosesNoMoreThanTheBrokenMember) {
  check_compile(R"(
    pakage test;  // expected-error: expected a struct, error, enum, const or service, got "pakage"; did you mean "package"?
    struct A {
      5;                // expected-error: expected a field or '}' in the struct, got "5"; a field is written "type name = 1;"
      Strng a = 1;      // expected-error: type "Strng" is not declared; did you mean "string"?
      enum E { A = 0; } // expected-error: expected a field or '}' in the struct, got "enum"; definitions stand beside each other, not in one another
      = 7 { ; }         // expected-error: expected a field or '}' in the struct, got "="
    }
    enum Color {
      -1;               // expected-error: expected an enum value or '}' in the enum, got "-"
      Red = 0;
      Red = 1;          // expected-error: enum value "Red" is already declared in enum "Color" // expected-note@-1: enum value "Red" is declared here
    }
    service S {
      (int32);          // expected-error: expected a method or '}' in the service, got "("
      F(Strng);         // expected-error: type "Strng" is not declared; did you mean "string"?
    }
  )");
}

TEST(Syntax, SaysOneThingOfAStatement) {
  check_members(R"(
    lst int32 a 1 [;    // expected-error: expected '=' in the field, got "a"
    Strng b = 2;        // expected-error: type "Strng" is not declared; did you mean "string"?
  )");
}

TEST(Syntax, KnowsTheBracesOfCpp) {
  check_compile(R"(
    package test;
    struct A {};  // expected-error: unexpected ";"; a definition ends with its '}'
    struct B {
    }
    }             // expected-error: unexpected "}"; no '{' is open here
    struct C { D d = 1; }  // expected-error: type "D" is not declared
  )");
}

TEST(Syntax, FindsABraceThatIsMissing) {
  check_compile(R"(
    package test;
    struct A {
      int32 a = 1;
    struct B {    // expected-error: expected a field or '}' in the struct, got "struct"
      Strng b = 1;  // expected-error: type "Strng" is not declared; did you mean "string"?
    }
  )");
  check_compile(
      "package test;\nstruct A {\n  // expected-error@+1: expected a field or '}' in the struct, "
      "got the end of the file\n");
}

TEST(Syntax, TakesEnumsWithCommasForWhatTheyAre) {
  check_compile(R"(
    package test;
    enum E { A = 0, B = 1 }  // expected-error: expected ';' after the enum value, got ","; a value is written "Name = 1;"
    struct S { Strng s = 1; }  // expected-error: type "Strng" is not declared; did you mean "string"?
  )");
}

TEST(Syntax, LetsKeywordsBeNames) {
  check_compile(R"(
    package package.import;
    struct A {
      int32 list = 1;
      string optional = 2;
      optional string map = 3;
      union union { int32 to = 4; }
    }
    enum E { stream = 0; throws = 1; }
    service S { error(A) -> A; reserved(); }
  )");
}

TEST(Syntax, WantsAnotherNameThanAKeywordForATypeAlone) {
  check_compile(R"(
    package test;
    struct list {}  // expected-error: expected a name in the struct, got "list"
  )");
}

TEST(Syntax, ReportsEscapesThatItDoesNotKnow) {
  check_members(R"(
    string a = 1 [default = "\q"];        // expected-error: escape in a string is unknown; expected \n, \r, \t, \", \\ or \u{…}
    string b = 2 [default = "\u{d800}"];  // expected-error: escape in a string is unknown; expected \u{…} with the hexadecimal number of a character
    string c = 3 [default = "\u{0}"];     // expected-error: escape in a string is unknown; expected \u{…} with the hexadecimal number of a character
  )");
}

TEST(Syntax, GoesOnBehindAStringThatIsNotClosed) {
  check_compile(
      "package test;\n"
      "import \"a.rpc;\n"
      "// expected-error@-1: string is not closed; expected '\"' before the end of the line\n"
      "// expected-error@-2: expected ';' after the import, got \"struct\"\n"
      "// expected-error@-3: import \"a.rpc;\": no such file in \".\"\n"
      "struct A { Strng s = 1; }  // expected-error: type \"Strng\" is not declared; did you mean "
      "\"string\"?\n");
}

TEST(Syntax, SaysOneThingOfACommentThatIsNotClosed) {
  check_compile(
      "package test;\n"
      "struct A {  // expected-error@+1: comment is not closed; expected \"*/\" before the end of "
      "the file\n"
      "/* int32 a = 1;\n");
}

TEST(Syntax, StopsAfterAHundredErrors) {
  std::string text = "package test; ";
  for (int i = 0; i < 1000; ++i) text += "struct; ";
  EXPECT_EQ(compile_text(text).diagnostics.error_count(), 100u);
}

}  // namespace
}  // namespace rpcgen
