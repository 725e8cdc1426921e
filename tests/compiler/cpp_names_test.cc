#include "compiler/sema/cpp_names.h"

#include <gtest/gtest.h>

#include "tests/compiler/check_compile.h"

namespace rpcgen {
namespace {

TEST(CppName, HasAnUnderscoreBehindAKeyword) {
  EXPECT_EQ(cpp_name("class"), "class_");
  EXPECT_EQ(cpp_name("xor_eq"), "xor_eq_");
  EXPECT_EQ(cpp_name("co_await"), "co_await_");
  EXPECT_EQ(cpp_name("Class"), "Class");
  EXPECT_EQ(cpp_name("list"), "list");
}

TEST(CppName, HasAnUnderscoreBehindAMacro) {
  EXPECT_EQ(cpp_name("NULL"), "NULL_");
  EXPECT_EQ(cpp_name("errno"), "errno_");
  EXPECT_EQ(cpp_name("linux"), "linux_");
  EXPECT_EQ(cpp_name("ENOENT"), "ENOENT_");
  EXPECT_EQ(cpp_name("major"), "major_");
  EXPECT_EQ(cpp_name("SYS_read"), "SYS_read_");
  EXPECT_EQ(cpp_name("SYS_READ"), "SYS_READ");
  EXPECT_EQ(cpp_name("TERN_CODEGEN_VERSION"), "TERN_CODEGEN_VERSION_");
  EXPECT_EQ(cpp_name("ERROR"), "ERROR");
  EXPECT_EQ(cpp_name("MAX"), "MAX");
}

TEST(CppName, OfATypeIsNoneThatGeneratedCodeUses) {
  EXPECT_EQ(cpp_top_level_name("std"), "std_");
  EXPECT_EQ(cpp_top_level_name("tern"), "tern_");
  EXPECT_EQ(cpp_top_level_name("enum_name"), "enum_name_");
  EXPECT_EQ(cpp_top_level_name("class"), "class_");
  EXPECT_EQ(cpp_top_level_name("Args"), "Args");
  EXPECT_EQ(cpp_name("std"), "std");
}

TEST(CppNamespaces, AreNotCalledLikeWhatCHasAtGlobalScope) {
  EXPECT_EQ(joined_namespaces(cpp_namespaces("time")), "time_");
  EXPECT_EQ(joined_namespaces(cpp_namespaces("time.time")), "time_::time");
  EXPECT_EQ(joined_namespaces(cpp_namespaces("company.log")), "company::log");
  EXPECT_EQ(joined_namespaces(cpp_namespaces("a.class")), "a::class_");
}

TEST(CppNamespaces, AreNotThoseThatGeneratedCodeUses) {
  EXPECT_EQ(joined_namespaces(cpp_namespaces("std")), "std_");
  EXPECT_EQ(joined_namespaces(cpp_namespaces("a.tern.b")), "a::tern_::b");
  EXPECT_EQ(joined_namespaces(cpp_namespaces("tern.registry")), "tern_::registry");
}

TEST(CppNamespaces, DifferForEveryPackage) {
  check_compile({{"main.rpc", R"(
                   package time_;  // expected-error: package "time_" is "time_" in C++, as is package "time"
                   import "time.rpc";
                 )"},
                 {"time.rpc", "package time;  // expected-note: \"time\" is declared here"}});
}

TEST(CppNames, OfAUnionAreDerived) {
  const CppUnionNames names = cpp_union_names("label_text");
  EXPECT_EQ(names.type, "LabelText");
  EXPECT_EQ(names.case_type, "LabelTextCase");
  EXPECT_EQ(names.case_name, "label_text_case");
  EXPECT_EQ(cpp_union_names("label_").case_name, "label_case");
  EXPECT_EQ(cpp_union_names("e_o_f").type, "EOF_");
  EXPECT_EQ(cpp_enumerator("also_colored"), "kAlsoColored");
  EXPECT_EQ(cpp_setter("circle"), "set_circle");
}

TEST(CppMembers, DoNotTakeTheNamesThatEveryStructNeeds) {
  check_members(R"(
    int32 visit_fields = 1;  // expected-error: field "visit_fields" has a name that every struct needs in C++: the function that shows the fields to a codec
    int32 kFields = 2;       // expected-error: field "kFields" has a name that every struct needs in C++: the table of the fields
    int32 kTypeName = 3;     // expected-error: field "kTypeName" has a name that every struct needs in C++: the name of the type at run time
    int32 kCode = 4;
  )");
  check_compile(R"(
    package test;
    error E {
      int32 kCode = 1;       // expected-error: field "kCode" has a name that every error needs in C++: the error's code
      int32 to_status = 2;   // expected-error: field "to_status" has a name that every error needs in C++: the function that makes a status of the error
    }
  )");
}

TEST(CppMembers, DoNotTakeTheNameOfWhatIsKeptUnknown) {
  check_compile(R"(
    package test;
    struct Plain {
      int32 unknown_fields = 1;
    }
    struct Keeps [keep_unknown] {
      int32 unknown_fields = 1;            // expected-error: field "unknown_fields" has the name of the member that [keep_unknown] adds to its struct in C++
    }
    struct Joins [keep_unknown] {
      union unknown_fields { int32 a = 1; }  // expected-error: union "unknown_fields" has the name of the member that [keep_unknown] adds to its struct in C++
    }
  )");
}

TEST(CppMembers, AreNotCalledLikeTheirStruct) {
  check_compile(R"(
    package test;
    struct Args {      // expected-note: "Args" is declared here
      int32 Args = 1;  // expected-error: field "Args" is called like its struct, which in C++ is the name of the constructor
    }
    struct Body {      // expected-note: "Body" is declared here
      union body {     // expected-error: the type of union "body" is "Body" in C++, as is the struct
        int32 a = 1;
      }
    }
  )");
}

TEST(CppMembers, DifferWithTheUnderscoreOfKeywords) {
  check_members(R"(
    int32 class = 1;   // expected-note: "class" is declared here
    int32 class_ = 2;  // expected-error: field "class_" is "class_" in C++, as is field "class"
    int32 other = 3;
    int32 other_ = 4;
  )");
}

TEST(CppMembers, DifferFromWhatUnionsMake) {
  check_members(R"(
    int32 Body = 1;        // expected-note: "Body" is declared here
    int32 BodyCase = 2;    // expected-note: "BodyCase" is declared here
    int32 body_case = 3;   // expected-note: "body_case" is declared here
    int32 set_circle = 4;  // expected-note: "set_circle" is declared here
    int32 visit_body = 6;  // expected-note: "visit_body" is declared here
    union body {           // expected-error: the type of union "body" is "Body" in C++, as is field "Body" // expected-error: the case type of union "body" is "BodyCase" in C++, as is field "BodyCase" // expected-error: the case function of union "body" is "body_case" in C++, as is field "body_case" // expected-error: the visit function of union "body" is "visit_body" in C++, as is field "visit_body"
      int32 circle = 5;    // expected-error: the setter of union member "circle" is "set_circle" in C++, as is field "set_circle"
    }
  )");
}

TEST(CppMembers, OfAUnionHaveCasesThatDiffer) {
  check_members(R"(
    union body {
      int32 none = 1;     // expected-error: the case of union member "none" is "kNone" in C++, as is that of the empty union
      int32 big_box = 2;  // expected-note: "big_box" is declared here
      int32 bigBox = 3;   // expected-error: the case of union member "bigBox" is "kBigBox" in C++, as is the case of union member "big_box"
    }
    union Other {         // expected-error: union "Other" is called like its own type in C++; begin it with a lower-case letter
      int32 c = 4;
    }
  )");
}

TEST(CppNames, AreNotThoseThatCppKeepsForItself) {
  check_compile(R"(
    package test._x;          // expected-error: package "test._x" has a part that begins with "_", which C++ keeps for itself
    struct _Args {            // expected-error: struct "_Args" begins with "_", which C++ keeps for itself
      int32 a__b = 1;         // expected-error: field "a__b" holds "__", which C++ keeps for itself
    }
    enum E { _A = 0; }        // expected-error: enum value "_A" begins with "_", which C++ keeps for itself
    service S { _Run(); }     // expected-error: method "_Run" begins with "_", which C++ keeps for itself
  )");
  check_compile(
      "package a__b;  // expected-error: package \"a__b\" holds \"__\", which C++ keeps for "
      "itself");
}

TEST(CppTopLevel, DiffersWithWhatServicesMake) {
  check_compile(R"(
    package test;
    struct ArithStub {}     // expected-note: "ArithStub" is declared here
    enum ArithService { A = 0; }  // expected-note: "ArithService" is declared here
    service Arith {         // expected-error: the stub of service "Arith" is "ArithStub" in C++, as is struct "ArithStub" // expected-error: the skeleton of service "Arith" is "ArithService" in C++, as is enum "ArithService"
      Run();
    }
    struct class {}         // expected-note: "class" is declared here
    struct class_ {}        // expected-error: struct "class_" is "class_" in C++, as is struct "class"
  )");
}

TEST(CppTopLevel, DiffersFromPackages) {
  check_compile(
      {{"main.rpc", R"(
                   package a;
                   import "b.rpc";
                   struct b {}  // expected-error: struct "b" is called like a package, "a.b": in C++ both are the same name
                 )"},
       {"b.rpc", "package a.b; struct C {}  // expected-note: the package is declared here"}});
}

TEST(CppTopLevel, DiffersFromPackagesWithTheUnderscore) {
  check_compile({{"main.rpc", R"(
                   package a;
                   import "b.rpc";
                   struct std {}  // expected-error: struct "std" is called like a package, "a.std": in C++ both are the same name
                   struct std_ {}  // expected-error: struct "std_" is "std_" in C++, as is struct "std" // expected-error: struct "std_" is called like a package, "a.std": in C++ both are the same name // expected-note@-1: "std" is declared here
                 )"},
                 {"b.rpc",
                  "package a.std; struct C {}  // expected-note: the package is declared here // "
                  "expected-note: the package is declared here"}});
}

TEST(CppEnumValues, Differ) {
  check_compile(R"(
    package test;
    enum Kind {
      int = 0;   // expected-note: "int" is declared here
      int_ = 1;  // expected-error: enum value "int_" is "int_" in C++, as is enum value "int"
    }
  )");
}

TEST(CppMethods, LeaveTheNamesOfTheSkeletonAlone) {
  check_compile(R"(
    package test;
    service Arith {
      dispatch();      // expected-error: method "dispatch" has a name that every service needs in C++: the skeleton's function that finds the method
      methods();       // expected-error: method "methods" has a name that every service needs in C++: the skeleton's list of the methods
      name();          // expected-error: method "name" has a name that every service needs in C++: the skeleton's function that tells the service's name
      ArithStub();     // expected-error: method "ArithStub" is called like a class of its service in C++
      ArithService();  // expected-error: method "ArithService" is called like a class of its service in C++
      delete();        // expected-note: "delete" is declared here
      delete_();       // expected-error: method "delete_" is "delete_" in C++, as is method "delete"
    }
  )");
}

}  // namespace
}  // namespace rpcgen
