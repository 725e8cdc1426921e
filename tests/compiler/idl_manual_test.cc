// The manual's examples are what the compiler takes.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "compiler/base/files.h"
#include "tests/compiler/check_compile.h"

namespace rpcgen {
namespace {

std::string file_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The text of every block that begins with "```rpc".
std::vector<std::string> examples(const std::string& manual) {
  std::vector<std::string> out;
  std::istringstream lines(manual);
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line == "```rpc") {
      inside = true;
      out.emplace_back();
    } else if (line == "```") {
      inside = false;
    } else if (inside) {
      out.back() += line + '\n';
    }
  }
  return out;
}

// Each example is a file of its own: those without a package get one. Examples may import
// "common.rpc", and say what is wrong with them like any test here.
TEST(Manual, HasExamplesThatCompile) {
  const std::vector<std::string> all = examples(file_text(IDL_DIR "/README.md"));
  ASSERT_GE(all.size(), 10u);
  const std::string common = "package common; struct Point { double x = 1; double y = 2; }";
  for (const std::string& example : all) {
    const bool whole = example.find("package ") != std::string::npos;
    SCOPED_TRACE(example);
    check_compile(
        {{"main.rpc", whole ? example : "package example;\n" + example}, {"common.rpc", common}});
  }
}

void expect_compiles(const std::string& path, const std::string& import_dir) {
  EXPECT_EQ(compile_files(RealFileSystem(), {path}, {import_dir}).messages(), "") << path;
}

TEST(Manual, DescribesTheFilesBesideIt) {
  expect_compiles(IDL_DIR "/arith.rpc", IDL_DIR);
  expect_compiles(TEST_IDL_DIR "/common.rpc", TEST_IDL_DIR);
  expect_compiles(TEST_IDL_DIR "/everything.rpc", TEST_IDL_DIR);
}

}  // namespace
}  // namespace rpcgen
