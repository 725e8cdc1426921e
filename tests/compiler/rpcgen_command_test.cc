// The program itself: its exit status, and where its words go.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "support/temporary_directory.h"

namespace {

namespace fs = std::filesystem;

class RpcgenCommand : public ::testing::Test {
 protected:
  void put(const std::string& name, const std::string& text) {
    std::ofstream(directory_.path() / name, std::ios::binary) << text;
  }
  std::string text(const std::string& name) const {
    std::ifstream in(directory_.path() / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  // The exit status; the streams go to the files "out" and "err".
  int run(const std::string& arguments) {
    const std::string command =
        "cd '" + directory_.path().string() + "' && '" RPCGEN "' " + arguments + " >out 2>err";
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  tern::test::TemporaryDirectory directory_;
};

TEST_F(RpcgenCommand, SucceedsInSilence) {
  put("a.rpc", "package a; struct A { int32 n = 1; }");
  EXPECT_EQ(run("--out gen --depfile gen/a.d a.rpc"), 0);
  EXPECT_EQ(text("out"), "");
  EXPECT_EQ(text("err"), "");
  EXPECT_NE(text("gen/a.rpc.h").find("struct A"), std::string::npos);
  EXPECT_NE(text("gen/a.d").find("gen/a.rpc.h"), std::string::npos);
}

TEST_F(RpcgenCommand, FailsWithOneForErrorsInTheInput) {
  put("a.rpc", "package a; struct A { Int32 n = 1; }");
  EXPECT_EQ(run("a.rpc"), 1);
  EXPECT_EQ(text("out"), "");
  EXPECT_EQ(text("err"),
            "a.rpc:1:23: error: type \"Int32\" is not declared; did you mean \"int32\"?\n"
            "package a; struct A { Int32 n = 1; }\n"
            "                      ^~~~~\n");
  EXPECT_EQ(run("missing.rpc"), 1);
}

TEST_F(RpcgenCommand, FailsWithTwoForItsUsage) {
  EXPECT_EQ(run(""), 2);
  EXPECT_EQ(run("--nonsense"), 2);
  EXPECT_EQ(text("out"), "");
  EXPECT_NE(text("err"), "");
}

TEST_F(RpcgenCommand, PrintsHelpAndVersion) {
  EXPECT_EQ(run("--help"), 0);
  EXPECT_NE(text("out").find("-I"), std::string::npos);
  EXPECT_EQ(run("--version"), 0);
  EXPECT_EQ(text("out").substr(0, 7), "rpcgen ");
  EXPECT_EQ(text("err"), "");
}

TEST_F(RpcgenCommand, RefusesImportsFromOutside) {
  put("a.rpc", "package a; import \"../../../../../../../../etc/passwd\";");
  EXPECT_EQ(run("a.rpc"), 1);
  EXPECT_NE(text("err").find("file lies outside the import directories"), std::string::npos);
}

}  // namespace
