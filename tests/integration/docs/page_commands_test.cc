// What pages show of a terminal is what happens there.
#include "support/page_commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "support/child_process.h"

namespace tern::test {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = TERN_ROOT;

// Of "tcp@127.0.0.1:7000" or an http address.
std::string port_of(const std::string& address) {
  std::size_t colon = address.rfind(':');
  return address.substr(colon + 1, address.find('/', colon) - colon - 1);
}

// --- Pages that speak to a server at 127.0.0.1:7000 ---

struct Page {
  std::string name;
  std::string server;
  std::size_t commands;
};

const Page kPages[] = {
    {"README.md", TERN_README_SERVER, 3},
    {"docs/http.md", TERN_ARITH_SERVER, 2},
    {"docs/http_streams.md", TERN_FEED_SERVER, 2},
    {"docs/json-rpc.md", TERN_ARITH_SERVER, 2},
    {"examples/interop/README.md", TERN_INTEROP_SERVER, 5},
};

class PageCommands : public testing::TestWithParam<Page> {};

TEST_P(PageCommands, PrintWhatThePageShows) {
  ChildProcess server({GetParam().server});
  const std::string port = port_of(server.first_line());
  const std::map<std::string, std::string> here = {{"127.0.0.1:7000", "127.0.0.1:" + port},
                                                   {"127.0.0.1 7000", "127.0.0.1 " + port}};
  const std::vector<PageCommand> shown = page_commands(kRoot / GetParam().name);
  EXPECT_EQ(shown.size(), GetParam().commands);
  for (const PageCommand& one : shown) expect_as_shown(one, here);
}

INSTANTIATE_TEST_SUITE_P(Pages, PageCommands, testing::ValuesIn(kPages), [](const auto& page) {
  std::string name = page.param.name;
  for (char& letter : name) {
    if (std::isalnum(static_cast<unsigned char>(letter)) == 0) letter = '_';
  }
  return name;
});

// --- The registry's page: its first command is the server ---

TEST(RegistryPageCommands, PrintWhatThePageShows) {
  const std::vector<PageCommand> shown = page_commands(kRoot / "docs/registry.md");
  ASSERT_EQ(shown.size(), 2u);
  ASSERT_EQ(shown[0].command, "tern registry --listen tcp@127.0.0.1:9999");
  ASSERT_EQ(shown[0].lines.size(), 1u);
  ChildProcess registry({TERN_COMMAND, "registry", "--listen", "tcp@127.0.0.1:0"});
  const std::string port = port_of(registry.first_line());
  EXPECT_EQ(registry.first_line(), "http@127.0.0.1:" + port + "/_geerpc_/registry");
  EXPECT_EQ(shown[0].lines[0].text, "http@127.0.0.1:9999/_geerpc_/registry");

  const std::string path = "http://127.0.0.1:" + port + "/_geerpc_/registry";
  ChildProcess listed({"curl", "-sS", "-o", "/dev/null", "-w",
                       "%{http_code} %header{x-tern-registry}", "-H",
                       "X-Geerpc-Server: tcp@10.0.0.1:7000", "-H", "X-Tern-Service: Arith", "-H",
                       "X-Tern-Weight: 3", "-H", "X-Tern-Zone: west", "-H",
                       "X-Tern-Metadata: build=7", "-X", "POST", path});
  const std::string answer = listed.first_line();
  ASSERT_THAT(answer, testing::StartsWith("200 "));
  expect_as_shown(shown[1], {{"127.0.0.1:9999", "127.0.0.1:" + port},
                             {"5b0c7ad2e19f4410", answer.substr(answer.find(' ') + 1)}});
}

// --- All of them ---

TEST(PagesOfCommands, AreAllTried) {
  std::set<std::string> tried = {"docs/etcd.md", "docs/registry.md"};
  for (const Page& page : kPages) tried.insert(page.name);
  for (const char* folder : {"compiler", "docs", "examples", "idl", "runtime", "tests"}) {
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
      if (entry.path().extension() != ".md") continue;
      const std::string name = fs::relative(entry.path(), kRoot);
      EXPECT_EQ(page_commands(entry.path()).empty(), tried.count(name) == 0) << name;
    }
  }
}

}  // namespace
}  // namespace tern::test
