#include "compiler/driver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <variant>
#include <vector>

#include "compiler/driver_options.h"
#include "tests/compiler/memory_files.h"

namespace rpcgen {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kGood = "package a; struct A { int32 n = 1; } service S { F(A) -> A; }";

Options options_for(std::vector<std::string> files) {
  Options options;
  options.files = std::move(files);
  options.out_dir = "out";
  options.depfile = "out/deps.d";
  return options;
}

TEST(Driver, WritesTheFilesOfItsInputs) {
  MemoryFiles files({{"idl/sub/a.rpc", kGood}, {"b.rpc", "package b;"}});
  Options options = options_for({"idl/sub/a.rpc", "b.rpc"});
  options.import_dirs = {"idl"};
  const Outcome outcome = compile(options, files);
  EXPECT_EQ(outcome.messages, "");
  EXPECT_EQ(outcome.status, kSuccess);
  for (const char* path :
       {"out/sub/a.rpc.h", "out/sub/a.rpc.cc", "out/sub/a.service.h", "out/sub/a.service.cc",
        "out/sub/a.descriptor.h", "out/b.rpc.h", "out/b.rpc.cc"}) {
    EXPECT_EQ(files.writes(path), 1) << path;
  }
}

TEST(Driver, WritesProtoFilesAndNoCppIfToldSo) {
  MemoryFiles files({{"idl/sub/a.rpc", kGood}, {"b.rpc", "package b;"}});
  Options options = options_for({"idl/sub/a.rpc", "b.rpc"});
  options.output = Options::Output::kProto;
  options.import_dirs = {"idl"};
  EXPECT_EQ(compile(options, files).status, kSuccess);
  EXPECT_EQ(files.writes("out/sub/a.proto"), 1);
  EXPECT_EQ(files.writes("out/b.proto"), 1);
  EXPECT_EQ(files.writes("out/sub/a.rpc.h"), 0);
}

TEST(Driver, WritesNothingForImports) {
  MemoryFiles files({{"a.rpc", "package a; import \"b.rpc\";"}, {"b.rpc", "package b;"}});
  EXPECT_EQ(compile(options_for({"a.rpc"}), files).status, kSuccess);
  EXPECT_EQ(files.writes("out/a.rpc.h"), 1);
  EXPECT_EQ(files.writes("out/b.rpc.h"), 0);
}

TEST(Driver, ListsWhatItReadInTheDepfile) {
  MemoryFiles files({{"x/a.rpc", "package a; import \"b.rpc\";"},
                     {"x/b.rpc", "package b; import \"c.rpc\";"},
                     {"y/c.rpc", "package c;"}});
  Options options = options_for({"x/a.rpc"});
  options.import_dirs = {"x", "y"};
  EXPECT_EQ(compile(options, files).messages, "");
  EXPECT_EQ(files.text("out/deps.d"),
            "out/a.rpc.h out/a.rpc.cc out/a.service.h out/a.service.cc out/a.descriptor.h: \\\n"
            "  y/c.rpc \\\n  x/b.rpc \\\n  x/a.rpc\n");
}

TEST(Driver, WritesTheStampInEveryRunAndMakesTheDepfileAboutIt) {
  MemoryFiles files;
  files.add("a.rpc", std::string(kGood));
  Options options = options_for({"a.rpc"});
  options.stamp = "out/a.stamp";
  compile(options, files);
  EXPECT_EQ(compile(options, files).messages, "");
  EXPECT_EQ(files.writes("out/a.stamp"), 2);
  EXPECT_EQ(files.writes("out/a.rpc.h"), 1);
  EXPECT_EQ(files.text("out/deps.d"), "out/a.stamp: \\\n  a.rpc\n");
}

TEST(Driver, WritesNoStampIfThereIsAnError) {
  MemoryFiles files;
  files.add("a.rpc", "package a; struct S { T t = 1; }");
  Options options = options_for({"a.rpc"});
  options.stamp = "out/a.stamp";
  EXPECT_EQ(compile(options, files).status, kFailure);
  EXPECT_EQ(files.writes("out/a.stamp"), 0);
}

TEST(Driver, LeavesOutputsAloneThatHaveTheirText) {
  MemoryFiles files({{"a.rpc", kGood}, {"b.rpc", "package b;"}});
  compile(options_for({"a.rpc"}), files);
  compile(options_for({"a.rpc"}), files);
  EXPECT_EQ(files.writes("out/a.rpc.h"), 1);
  EXPECT_EQ(files.writes("out/a.service.cc"), 1);
  EXPECT_EQ(files.writes("out/deps.d"), 2);
  files.add("a.rpc", "package a; struct A { int64 n = 1; } service S { F(A) -> A; }");
  compile(options_for({"a.rpc"}), files);
  EXPECT_EQ(files.writes("out/a.rpc.h"), 2);
}

TEST(Driver, GivesTheSameTextEachTime) {
  MemoryFiles once({{"a.rpc", kGood}, {"b.rpc", "package b;"}});
  MemoryFiles again({{"a.rpc", kGood}, {"b.rpc", "package b;"}});
  compile(options_for({"a.rpc"}), once);
  compile(options_for({"b.rpc", "a.rpc"}), again);
  for (const char* path : {"out/a.rpc.h", "out/a.rpc.cc", "out/a.service.h", "out/a.service.cc",
                           "out/a.descriptor.h"}) {
    EXPECT_EQ(once.text(path), again.text(path)) << path;
  }
}

TEST(Driver, WritesNothingIfAnyInputHasAnError) {
  MemoryFiles files({{"a.rpc", kGood}, {"b.rpc", "package b; struct B { Strng s = 1; }"}});
  const Outcome outcome = compile(options_for({"a.rpc", "b.rpc"}), files);
  EXPECT_EQ(outcome.status, kFailure);
  EXPECT_EQ(outcome.messages,
            "b.rpc:1:23: error: type \"Strng\" is not declared; did you mean \"string\"?\n"
            "package b; struct B { Strng s = 1; }\n"
            "                      ^~~~~\n");
  EXPECT_EQ(files.all_writes(), 0);
}

TEST(Driver, GoesOnAfterAWarning) {
  MemoryFiles files({{"a.rpc", "package a; service S {}"}, {"b.rpc", "package b;"}});
  const Outcome outcome = compile(options_for({"a.rpc"}), files);
  EXPECT_EQ(outcome.status, kSuccess);
  EXPECT_THAT(outcome.messages, HasSubstr("a.rpc:1:20: warning: service \"S\" has no methods\n"));
  EXPECT_EQ(files.writes("out/a.rpc.h"), 1);
}

TEST(Driver, FailsWithoutItsInput) {
  MemoryFiles files;
  const Outcome outcome = compile(options_for({"a.rpc"}), files);
  EXPECT_EQ(outcome.status, kFailure);
  EXPECT_EQ(outcome.messages, "rpcgen: error: cannot read \"a.rpc\": no such file\n");
}

TEST(Driver, FailsIfItCannotWrite) {
  MemoryFiles files({{"a.rpc", "package a;"}, {"b.rpc", "package b;"}});
  files.make_read_only();
  const Outcome outcome = compile(options_for({"a.rpc"}), files);
  EXPECT_EQ(outcome.status, kFailure);
  EXPECT_THAT(outcome.messages,
              HasSubstr("rpcgen: error: cannot write \"out/a.rpc.h\": file system "
                        "is read-only\n"));
}

TEST(Driver, RefusesTwoInputsForOneOutput) {
  MemoryFiles files({{"a.rpc", "package a;"}, {"a", "package b;"}});
  const Outcome outcome = compile(options_for({"a.rpc", "a"}), files);
  EXPECT_EQ(outcome.status, kFailure);
  EXPECT_THAT(outcome.messages, HasSubstr("output \"a.rpc.h\" is wanted by two inputs\n"));
  EXPECT_EQ(files.all_writes(), 0);
}

std::variant<Options, EarlyExit> parsed(std::initializer_list<const char*> arguments) {
  std::vector<const char*> argv{"rpcgen"};
  argv.insert(argv.end(), arguments);
  return parse_options(static_cast<int>(argv.size()), argv.data());
}

TEST(CommandLine, TakesFilesAndOptionsInAnyOrder) {
  const auto result =
      parsed({"-I", "x", "a.rpc", "--out", "gen", "-Iy", "b.rpc", "--depfile", "d"});
  const auto* options = std::get_if<Options>(&result);
  ASSERT_NE(options, nullptr);
  EXPECT_THAT(options->files, ElementsAre("a.rpc", "b.rpc"));
  EXPECT_THAT(options->import_dirs, ElementsAre("x", "y"));
  EXPECT_EQ(options->out_dir, "gen");
  EXPECT_EQ(options->depfile, "d");
}

TEST(CommandLine, HasDefaults) {
  const auto result = parsed({"a.rpc"});
  const auto* options = std::get_if<Options>(&result);
  ASSERT_NE(options, nullptr);
  EXPECT_THAT(options->import_dirs, IsEmpty());
  EXPECT_EQ(options->out_dir, ".");
  EXPECT_EQ(options->depfile, "");
}

TEST(CommandLine, HasACommandForProtoFiles) {
  const auto result = parsed({"proto", "--out", "gen", "-I", "x", "a.rpc", "b.rpc"});
  const auto* options = std::get_if<Options>(&result);
  ASSERT_NE(options, nullptr);
  EXPECT_EQ(options->output, Options::Output::kProto);
  EXPECT_THAT(options->files, ElementsAre("a.rpc", "b.rpc"));
  EXPECT_EQ(options->out_dir, "gen");
  EXPECT_EQ(std::get<Options>(parsed({"a.rpc"})).output, Options::Output::kCpp);
}

TEST(CommandLine, AnswersHelpAndVersion) {
  const auto help = parsed({"--help"});
  EXPECT_EQ(std::get<EarlyExit>(help).status, kSuccess);
  EXPECT_THAT(std::get<EarlyExit>(help).text, HasSubstr("--depfile FILE"));
  const auto version = parsed({"--version"});
  EXPECT_EQ(std::get<EarlyExit>(version).status, kSuccess);
  EXPECT_THAT(std::get<EarlyExit>(version).text, ::testing::StartsWith("rpcgen 0."));
}

TEST(CommandLine, RefusesWhatItDoesNotKnow) {
  for (const auto& arguments : {std::initializer_list<const char*>{},
                                {"proto"},
                                {"--nonsense", "a.rpc"},
                                {"a.rpc", "--out"},
                                {"a.rpc", "--out", "x", "--out", "y"}}) {
    const auto result = parsed(arguments);
    const auto* exit = std::get_if<EarlyExit>(&result);
    ASSERT_NE(exit, nullptr);
    EXPECT_EQ(exit->status, kUsage);
    EXPECT_THAT(exit->text, ::testing::StartsWith("rpcgen: "));
  }
}

}  // namespace
}  // namespace rpcgen
