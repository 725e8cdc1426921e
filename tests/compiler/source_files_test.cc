// The file system on the disk, and how outputs get there.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "compiler/base/depfile.h"
#include "compiler/base/files.h"
#include "support/temporary_directory.h"
#include "tests/compiler/memory_files.h"

namespace rpcgen {
namespace {

namespace fs = std::filesystem;

class RealFiles : public ::testing::Test {
 protected:
  std::string path(const std::string& name) const { return (directory_.path() / name).string(); }
  void put(const std::string& name, const std::string& text) {
    std::ofstream(path(name), std::ios::binary) << text;
  }
  std::string read(const std::string& name) const {
    auto result = files_.read(path(name), 100);
    if (auto* problem = std::get_if<FileProblem>(&result)) return "problem: " + problem->text;
    return std::get<std::string>(result);
  }
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& entry : fs::directory_iterator(directory_.path())) {
      out.push_back(entry.path().filename().string());
    }
    return out;
  }

  RealFileSystem files_;
  tern::test::TemporaryDirectory directory_;
};

TEST_F(RealFiles, AreReadUpToTheLimit) {
  put("a", std::string(100, 'x'));
  put("b", std::string(101, 'x'));
  EXPECT_EQ(read("a"), std::string(100, 'x'));
  EXPECT_EQ(read("b"), "problem: longer than 100 bytes, the limit");
}

TEST_F(RealFiles, MustExistAndBeFiles) {
  fs::create_directory(path("d"));
  EXPECT_EQ(read("missing"), "problem: no such file");
  EXPECT_EQ(read("d"), "problem: not a regular file");
}

TEST_F(RealFiles, HaveOneCanonicalPath) {
  put("a", "");
  fs::create_directory(path("d"));
  fs::create_symlink(path("a"), path("d/link"));
  EXPECT_EQ(files_.canonical(path("d/../d/./link")), files_.canonical(path("a")));
  EXPECT_EQ(files_.canonical(path("missing")), std::nullopt);
}

TEST_F(RealFiles, AreReplacedInOneStep) {
  put("a", "old");
  EXPECT_FALSE(files_.write(path("a"), "new"));
  EXPECT_EQ(read("a"), "new");
  EXPECT_EQ(names(), std::vector<std::string>{"a"});
}

TEST_F(RealFiles, GetTheDirectoriesThatAreMissing) {
  EXPECT_FALSE(files_.write(path("x/y/z"), "text"));
  EXPECT_EQ(read("x/y/z"), "text");
}

TEST_F(RealFiles, ThatCannotBeWrittenAreAProblem) {
  put("a", "");
  EXPECT_TRUE(files_.write(path("a/b"), "text"));
  fs::create_directory(path("d"));
  EXPECT_TRUE(files_.write(path("d"), "text"));
  EXPECT_EQ(names().size(), 2u);
}

TEST_F(RealFiles, KeepTheirTimeWithTheirText) {
  put("a", "text");
  const auto long_ago = fs::file_time_type::clock::now() - std::chrono::hours(1);
  fs::last_write_time(path("a"), long_ago);
  EXPECT_FALSE(write_if_changed(files_, path("a"), "text"));
  EXPECT_EQ(fs::last_write_time(path("a")), long_ago);
  EXPECT_FALSE(write_if_changed(files_, path("a"), "other"));
  EXPECT_GT(fs::last_write_time(path("a")), long_ago);
}

TEST(WriteIfChanged, WritesWhatIsNewLongerOrShorter) {
  MemoryFiles files;
  EXPECT_FALSE(write_if_changed(files, "a", "one"));
  EXPECT_FALSE(write_if_changed(files, "a", "one"));
  EXPECT_EQ(files.writes("a"), 1);
  EXPECT_FALSE(write_if_changed(files, "a", "one and two"));
  EXPECT_FALSE(write_if_changed(files, "a", "one"));
  EXPECT_EQ(files.writes("a"), 3);
}

TEST(Depfile, ListsEveryInputForAllOutputs) {
  EXPECT_EQ(depfile_text({"out/a.h", "out/a.cc"}, {"a.rpc", "b.rpc"}),
            "out/a.h out/a.cc: \\\n  a.rpc \\\n  b.rpc\n");
}

TEST(Depfile, QuotesWhatMakeWouldTakeForItself) {
  EXPECT_EQ(depfile_text({"my out/a$b"}, {"c#d", "e\\f", "g\\ h"}),
            "my\\ out/a$$b: \\\n  c\\#d \\\n  e\\f \\\n  g\\\\\\ h\n");
}

}  // namespace
}  // namespace rpcgen
