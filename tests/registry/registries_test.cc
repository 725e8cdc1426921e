#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "registry/discovery_probe.h"
#include "support/temporary_directory.h"
#include "tern/registry.h"

namespace tern::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class OpenRegistries : public testing::Test {
 protected:
  std::string failure(std::string_view address) {
    return std::string(Registries().open(address, loop_.pool()).status().message());
  }
  std::vector<std::string> servers(std::string_view address) {
    auto discovery = (*Registries().open(address, loop_.pool()))->discover("any");
    run_until(loop_, [&] { return discovery->view().known(); });
    return servers_of(*discovery);
  }

  TestLoop loop_;
};

TEST_F(OpenRegistries, ListServers) {
  EXPECT_THAT(servers("list@b:1,netrpc+tcp@a:1,unix@/run/x"),
              ElementsAre("netrpc+tcp@a:1", "tcp@b:1", "unix@/run/x"));
}

TEST_F(OpenRegistries, SayWhichServerOfAListCannotBeRead) {
  EXPECT_THAT(failure("list@a:1,b"),
              HasSubstr("registry \"list@a:1,b\": address \"tcp@b\": there is no \":port\""));
  EXPECT_THAT(failure("list@tcp@a:1,"),
              HasSubstr("registry \"list@tcp@a:1,\": address \"\": expected \"host:port\""));
  EXPECT_THAT(failure("list@"), HasSubstr("address \"\""));
}

TEST_F(OpenRegistries, ReadFiles) {
  TemporaryDirectory directory;
  std::ofstream(directory.path() / "servers") << "tcp@a:1\n";
  EXPECT_THAT(servers("file@" + (directory.path() / "servers").string()), ElementsAre("tcp@a:1"));
  EXPECT_EQ(failure("file@"), "registry \"file@\": expected a path behind the \"@\"");
}

TEST_F(OpenRegistries, AskDns) {
  EXPECT_THAT(servers("dns@127.0.0.1:7000"), ElementsAre("tcp@127.0.0.1:7000"));
  EXPECT_THAT(failure("dns@localhost"), HasSubstr("registry \"dns@localhost\""));
  EXPECT_THAT(failure("srv@a:1"), HasSubstr("registry \"srv@a:1\""));
}

TEST_F(OpenRegistries, NameTheKindsThatThereAre) {
  for (std::string_view address : {"", "tcp@a:1", "file"}) {
    EXPECT_THAT(failure(address), HasSubstr("\"file@…\""));
  }
}

TEST_F(OpenRegistries, RefuseAnnouncementsToLists) {
  auto registry = *Registries().open("list@tcp@a:1", loop_.pool());
  EXPECT_EQ(registry->announce("arith", Instance(*parse_endpoint("tcp@b:1")))->status().message(),
            "announce \"tcp@b:1\" of \"arith\": a list takes no announcements: write the address "
            "into it");
}

}  // namespace
}  // namespace tern::test
