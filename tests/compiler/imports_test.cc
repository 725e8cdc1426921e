#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/compiler/check_compile.h"

namespace rpcgen {
namespace {

std::vector<std::string> paths_of(const Compiled& compiled) {
  std::vector<std::string> paths;
  if (!compiled.schema) return paths;
  for (const auto& file : compiled.schema->files) {
    paths.push_back(file->path + (file->is_main ? " main" : ""));
  }
  return paths;
}

using Paths = std::vector<std::string>;

TEST(Imports, MustExist) {
  check_compile({{"main.rpc", R"(
                   package test;
                   import "missing.rpc";  // expected-error: import "missing.rpc": no such file in ".", "dir"
                   import "";             // expected-error: import "": path is empty; expected that of a file
                 )"},
                 {"dir/other.rpc", "package other;"}});
}

TEST(Imports, MustBeFiles) {
  check_compile({{"main.rpc", R"(
                   package test;
                   import "dir";  // expected-error: cannot read "dir": not a regular file
                 )"},
                 {"dir/other.rpc", "package other;"}});
}

TEST(Imports, AreFoundBesideTheirImporterFirst) {
  const MemoryFiles files(
      {{"idl/a/main.rpc", "package m; import \"near.rpc\"; import \"b/far.rpc\";"},
       {"idl/a/near.rpc", "package n;"},
       {"idl/near.rpc", "package wrong;"},
       {"idl/b/far.rpc", "package f; import \"near.rpc\";"},
       {"idl/b/near.rpc", "package n2;"}});
  const Compiled compiled = compile_files(files, {"idl/a/main.rpc"}, {"idl"});
  EXPECT_EQ(compiled.messages(), "");
  EXPECT_EQ(paths_of(compiled),
            (Paths{"a/near.rpc", "b/near.rpc", "b/far.rpc", "a/main.rpc main"}));
}

TEST(Imports, OfOneFileByTwoWaysAreOneFile) {
  const MemoryFiles files(
      {{"main.rpc", "package m; import \"a.rpc\"; import \"b.rpc\";"},
       {"a.rpc", "package a; import \"common.rpc\"; struct A { S s = 1; }"},
       {"b.rpc", "package b; import \"./x/../common.rpc\"; struct B { S s = 1; }"},
       {"common.rpc", "package c; struct S {}"}});
  const Compiled compiled = compile_files(files, {"main.rpc"});
  EXPECT_EQ(compiled.messages(), "");
  EXPECT_EQ(paths_of(compiled), (Paths{"common.rpc", "a.rpc", "b.rpc", "main.rpc main"}));
}

TEST(Imports, AreGivenOnce) {
  check_compile({{"main.rpc", R"(
                   package test;
                   import "a.rpc";
                   import "./a.rpc";  // expected-warning: "./a.rpc" is imported already
                 )"},
                 {"a.rpc", "package a;"}});
}

TEST(Imports, InACycleAreRefusedWithTheWay) {
  check_compile({{"main.rpc", R"(
                   package test;
                   import "a.rpc";
                 )"},
                 {"a.rpc", R"(
                   package a;
                   import "b.rpc";     // expected-note: "b.rpc" is imported here
                 )"},
                 {"b.rpc", R"(
                   package b;
                   import "c.rpc";     // expected-note: "c.rpc" is imported here
                 )"},
                 {"c.rpc", R"(
                   package c;
                   import "a.rpc";     // expected-error: import "a.rpc" closes a cycle
                 )"}});
}

TEST(Imports, OfTheFileItselfIsACycle) {
  check_compile({{"main.rpc", R"(
    package test;
    import "main.rpc";  // expected-error: import "main.rpc" closes a cycle
  )"}});
}

TEST(Imports, MustLieInTheImportDirectories) {
  const MemoryFiles files(
      {{"etc/passwd", "root"}, {"idl/sub/main.rpc", "package m; import \"../../etc/passwd\";"}});
  const Compiled compiled = compile_files(files, {"idl/sub/main.rpc"}, {"idl"});
  EXPECT_EQ(compiled.messages(),
            "idl/sub/main.rpc:1: error: import \"../../etc/passwd\": file lies outside the import "
            "directories\n");
}

TEST(Imports, MayGoUpWithinTheImportDirectories) {
  const MemoryFiles files({{"idl/common.rpc", "package c;"},
                           {"idl/sub/main.rpc", "package m; import \"../common.rpc\";"}});
  EXPECT_EQ(paths_of(compile_files(files, {"idl/sub/main.rpc"}, {"idl"})),
            (Paths{"common.rpc", "sub/main.rpc main"}));
}

TEST(Imports, AreNotAbsolute) {
  check_compile({{"main.rpc", R"(
    package test;
    import "/etc/passwd";  // expected-error: import "/etc/passwd": path is absolute; expected one relative to this file or an import directory
  )"}});
}

TEST(Imports, ThatAreLinksCountWhereTheyLead) {
  MemoryFiles files(
      {{"idl/main.rpc", "package m; import \"link.rpc\";"}, {"secret/a.rpc", "package a;"}});
  files.link("idl/link.rpc", "secret/a.rpc");
  EXPECT_EQ(
      compile_files(files, {"idl/main.rpc"}, {"idl"}).messages(),
      "idl/main.rpc:1: error: import \"link.rpc\": file lies outside the import directories\n");
}

TEST(Imports, HaveABottom) {
  MemoryFiles files;
  for (int i = 0; i < 200; ++i) {
    files.add("f" + std::to_string(i) + ".rpc",
              "package p" + std::to_string(i) + "; import \"f" + std::to_string(i + 1) + ".rpc\";");
  }
  files.add("f200.rpc", "package p200;");
  EXPECT_EQ(compile_files(files, {"f0.rpc"}).messages(),
            "f99.rpc:1: error: imports nest deeper than 100 files\n");
}

TEST(Imports, ReportTheErrorsInThem) {
  check_compile({{"main.rpc",
                  "package test; import \"a.rpc\"; struct M { Strng s = 1; }  // expected-error: "
                  "type \"Strng\" is not declared; did you mean \"string\"?"},
                 {"a.rpc",
                  "package a; struct A { Bol b = 1; }  // expected-error: type \"Bol\" is not "
                  "declared; did you mean \"bool\"?"}});
}

TEST(MainFiles, AreNamedFromTheirImportDirectoryOrByNameAlone) {
  const MemoryFiles files({{"idl/sub/a.rpc", "package a;"}, {"other/b.rpc", "package b;"}});
  EXPECT_EQ(paths_of(compile_files(files, {"idl/sub/a.rpc", "other/b.rpc"}, {"idl"})),
            (Paths{"sub/a.rpc main", "b.rpc main"}));
}

TEST(MainFiles, MayImportEachOther) {
  const MemoryFiles files({{"a.rpc", "package a; import \"b.rpc\";"}, {"b.rpc", "package b;"}});
  EXPECT_EQ(paths_of(compile_files(files, {"a.rpc", "b.rpc", "a.rpc"})),
            (Paths{"b.rpc main", "a.rpc main"}));
}

TEST(MainFiles, MustExist) {
  EXPECT_EQ(compile_files(MemoryFiles(), {"a.rpc"}).messages(),
            ":0: error: cannot read \"a.rpc\": no such file\n");
}

TEST(MainFiles, AreNotCalledTheSame) {
  const MemoryFiles files({{"x/a.rpc", "package a;"}, {"y/a.rpc", "package b;"}});
  EXPECT_EQ(
      compile_files(files, {"x/a.rpc", "y/a.rpc"}).messages(),
      ":0: error: cannot read \"y/a.rpc\": it would be called \"a.rpc\" like \"x/a.rpc\"; give "
      "an import directory that holds both\n");
}

TEST(ImportDirectories, ThatDoNotExistAreWorthAWarning) {
  MemoryFiles files;
  files.add("a.rpc", "package a;");
  EXPECT_EQ(compile_files(files, {"a.rpc"}, {"nowhere"}).messages(),
            ":0: warning: import directory \"nowhere\" does not exist\n");
}

}  // namespace
}  // namespace rpcgen
