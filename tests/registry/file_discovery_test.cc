// Files that change under a discovery's eyes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "registry/discovery_probe.h"
#include "support/temporary_directory.h"
#include "tern/file_registry.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

class FileDiscovery : public testing::Test {
 protected:
  void write(std::string_view name, std::string_view text) {
    std::ofstream(directory_.path() / name, std::ios::binary) << text;
  }
  void append(std::string_view name, std::string_view text) {
    std::ofstream(directory_.path() / name, std::ios::app) << text;
  }
  fs::path path(std::string_view name) { return directory_.path() / name; }

  std::shared_ptr<Discovery> discover(std::string_view name = "servers") {
    auto discovery = open_file_registry(path(name).string(), loop_.pool())->discover("any");
    loop_.settle();
    return discovery;
  }

  // What is known once the loop has seen to all that has happened.
  std::vector<std::string> servers(Discovery& discovery) {
    loop_.settle();
    return servers_of(discovery);
  }
  std::string failure(Discovery& discovery) {
    loop_.settle();
    return failure_of(discovery);
  }

  TemporaryDirectory directory_;
  TestLoop loop_;
};

TEST_F(FileDiscovery, KnowsTheServersAtOnce) {
  write("servers", "tcp@a:1 weight=3\ntcp@b:1\n");
  auto registry = open_file_registry(path("servers").string(), loop_.pool());
  EXPECT_THAT(servers_of(*registry->discover("any")), ElementsAre("tcp@a:1*3", "tcp@b:1"));
}

TEST_F(FileDiscovery, SeesAFileThatIsWrittenAnew) {
  write("servers", "tcp@a:1\n");
  auto discovery = discover();
  write("servers", "tcp@b:1\n");
  EXPECT_THAT(servers(*discovery), ElementsAre("tcp@b:1"));
}

TEST_F(FileDiscovery, SeesAFileThatTakesThePlaceOfTheOld) {
  write("servers", "tcp@a:1\n");
  auto discovery = discover();
  for (int i = 2; i < 5; ++i) {
    write("new", "tcp@a:" + std::to_string(i) + "\n");
    fs::rename(path("new"), path("servers"));
    EXPECT_THAT(servers(*discovery), ElementsAre("tcp@a:" + std::to_string(i)));
  }
}

TEST_F(FileDiscovery, SeesLinesThatAreAppended) {
  write("servers", "tcp@a:1\n");
  auto discovery = discover();
  append("servers", "tcp@b:1\n");
  EXPECT_THAT(servers(*discovery), ElementsAre("tcp@a:1", "tcp@b:1"));
}

TEST_F(FileDiscovery, SeesALinkThatLeadsElsewhere) {
  fs::create_directory(path("one"));
  fs::create_directory(path("two"));
  write("one/servers", "tcp@a:1\n");
  write("two/servers", "tcp@b:1\n");
  fs::create_directory_symlink("one", path("data"));
  fs::create_symlink("data/servers", path("servers"));
  auto discovery = discover();
  EXPECT_THAT(servers(*discovery), ElementsAre("tcp@a:1"));
  fs::create_directory_symlink("two", path("next"));
  fs::rename(path("next"), path("data"));
  EXPECT_THAT(servers(*discovery), ElementsAre("tcp@b:1"));
}

TEST_F(FileDiscovery, KeepsTheServersOfAFileThatIsEmptied) {
  write("servers", "tcp@a:1\n");
  auto discovery = discover();
  write("servers", "");
  EXPECT_THAT(servers(*discovery), ElementsAre("tcp@a:1"));
  EXPECT_THAT(failure(*discovery), HasSubstr("there is none"));
}

TEST_F(FileDiscovery, KeepsTheServersOfAFileThatIsGone) {
  write("servers", "tcp@a:1\n");
  auto discovery = discover();
  fs::remove(path("servers"));
  EXPECT_THAT(servers(*discovery), ElementsAre("tcp@a:1"));
  EXPECT_EQ(failure(*discovery), "file \"" + path("servers").string() +
                                     "\": cannot be opened: No such file or directory");
  write("servers", "tcp@b:1\n");
  EXPECT_THAT(servers(*discovery), ElementsAre("tcp@b:1"));
  EXPECT_EQ(failure(*discovery), "");
}

TEST_F(FileDiscovery, KeepsTheServersOfAFileWithAnError) {
  write("servers", "tcp@a:1\n");
  auto discovery = discover();
  write("servers", "tcp@a:1\ntcp@b\n");
  EXPECT_THAT(servers(*discovery), ElementsAre("tcp@a:1"));
  EXPECT_THAT(failure(*discovery), HasSubstr(path("servers").string() + ":2: "));
}

TEST_F(FileDiscovery, WaitsForAFileThatIsNotThereYet) {
  auto discovery = discover();
  EXPECT_THAT(servers(*discovery), ElementsAre("nothing known"));
  EXPECT_THAT(failure(*discovery), HasSubstr("No such file"));
  write("servers", "tcp@a:1\n");
  EXPECT_THAT(servers(*discovery), ElementsAre("tcp@a:1"));
}

TEST_F(FileDiscovery, LooksNowAndThenForADirectoryThatIsNotThereYet) {
  auto discovery = discover("later/servers");
  fs::create_directory(path("later"));
  write("later/servers", "tcp@a:1\n");
  EXPECT_THAT(servers(*discovery), ElementsAre("nothing known"));
  loop_.advance(5s);
  loop_.advance(1s);
  EXPECT_THAT(servers(*discovery), ElementsAre("tcp@a:1"));
  // From here on it is told.
  write("later/servers", "tcp@b:1\n");
  EXPECT_THAT(servers(*discovery), ElementsAre("tcp@b:1"));
}

TEST_F(FileDiscovery, OutlivesItsDirectory) {
  fs::create_directory(path("sub"));
  write("sub/servers", "tcp@a:1\n");
  auto discovery = discover("sub/servers");
  fs::remove_all(path("sub"));
  EXPECT_THAT(servers(*discovery), ElementsAre("tcp@a:1"));
  fs::create_directory(path("sub"));
  write("sub/servers", "tcp@b:1\n");
  loop_.advance(5s);
  loop_.advance(1s);
  EXPECT_THAT(servers(*discovery), ElementsAre("tcp@b:1"));
  write("sub/servers", "tcp@c:1\n");
  EXPECT_THAT(servers(*discovery), ElementsAre("tcp@c:1"));
}

TEST_F(FileDiscovery, LooksNowAndThenAtAFileThatItsWriterKeepsOpen) {
  write("servers", "tcp@a:1\n");
  auto discovery = discover();
  std::ofstream kept(path("servers"), std::ios::app);
  kept << "tcp@b:1\n" << std::flush;
  EXPECT_THAT(servers(*discovery), ElementsAre("tcp@a:1"));
  loop_.advance(5s);
  loop_.advance(1s);
  EXPECT_THAT(servers(*discovery), ElementsAre("tcp@a:1", "tcp@b:1"));
}

TEST_F(FileDiscovery, LooksWhenAskedTo) {
  write("servers", "tcp@a:1\n");
  auto discovery = discover();
  std::ofstream kept(path("servers"), std::ios::app);
  kept << "tcp@b:1\n" << std::flush;
  discovery->refresh();
  loop_.settle();
  loop_.advance(1s);
  EXPECT_THAT(servers(*discovery), ElementsAre("tcp@a:1", "tcp@b:1"));
}

TEST_F(FileDiscovery, LeavesAFileInPeaceWhileItIsWritten) {
  write("servers", "tcp@a:1\ntcp@b:1\n");
  auto discovery = discover();
  std::ofstream writer(path("servers"), std::ios::trunc);
  for (int i = 1; i <= 20; ++i) {
    writer << "tcp@c:" << i << "\n" << std::flush;
    discovery->refresh();
    write("neighbour", "of which the system tells");
    loop_.settle();
    loop_.advance(999ms);
    EXPECT_THAT(servers(*discovery), ElementsAre("tcp@a:1", "tcp@b:1"));
  }
  writer.close();
  EXPECT_EQ(servers(*discovery).size(), 20u);
}

TEST_F(FileDiscovery, KeepsTheServersOfAFileThatIsHalfWritten) {
  write("servers", "tcp@a:1\n");
  auto discovery = discover();
  write("servers", "tcp@a:1\ntcp@b:70");
  EXPECT_THAT(servers(*discovery), ElementsAre("tcp@a:1"));
  EXPECT_EQ(failure(*discovery), path("servers").string() +
                                     ":2: expected a newline behind \"tcp@b:70\"; without it the "
                                     "line may be half written");
  append("servers", "00\n");
  EXPECT_THAT(servers(*discovery), ElementsAre("tcp@a:1", "tcp@b:7000"));
}

TEST_F(FileDiscovery, RefusesWhatIsNoFile) {
  auto discovery = discover(".");
  EXPECT_THAT(failure(*discovery), HasSubstr("expected a plain file"));
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_THAT(failure(*discover("pipe")), HasSubstr("expected a plain file"));
}

TEST_F(FileDiscovery, RefusesAFileThatIsTooLarge) {
  write("servers", std::string(5 * 1024 * 1024, '\n'));
  EXPECT_THAT(failure(*discover()), HasSubstr("has more than 4194304 bytes"));
}

TEST_F(FileDiscovery, LeavesNothingBehind) {
  write("servers", "tcp@a:1\n");
  discover().reset();
  loop_.settle();
  EXPECT_EQ(loop_.loop().timer_count(), 0u);
  write("servers", "tcp@b:1\n");
  loop_.settle();
}

TEST_F(FileDiscovery, TakesNoAnnouncements) {
  auto registry = open_file_registry("servers", loop_.pool());
  auto registration = registry->announce("arith", Instance(*parse_endpoint("tcp@a:1")));
  registration->update(Instance());
  bool withdrawn = false;
  registration->async_withdraw([&] { withdrawn = true; });
  loop_.settle();
  EXPECT_TRUE(withdrawn);
  EXPECT_EQ(registration->status().to_string(),
            "unimplemented: announce \"tcp@a:1\" of \"arith\": a file takes no announcements: "
            "write the server into \"servers\" by other means");
}

}  // namespace
}  // namespace tern::test
