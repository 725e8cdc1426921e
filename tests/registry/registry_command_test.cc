// `tern registry` as a process: how it begins and ends, and what clients make of its end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

#include <asio/ip/tcp.hpp>
#include <chrono>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "registry/watched_discovery.h"
#include "support/child_process.h"
#include "support/temporary_directory.h"
#include "tern/http_registry.h"

namespace tern::test {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

constexpr std::string_view kServer = "tcp@127.0.0.1:1";

// The exit status, and all that it prints, on both outputs.
std::pair<int, std::string> run(const std::string& arguments) {
  FILE* output = ::popen((TERN_COMMAND " " + arguments + " 2>&1").c_str(), "r");
  std::string text;
  for (int byte = ::fgetc(output); byte != EOF; byte = ::fgetc(output)) {
    text += static_cast<char>(byte);
  }
  int status = ::pclose(output);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text};
}

// Of "http@127.0.0.1:9999/path".
std::string port_of(const std::string& address) {
  std::size_t colon = address.rfind(':');
  return address.substr(colon + 1, address.find('/') - colon - 1);
}

class RegistryCommand : public ::testing::Test {
 protected:
  RegistryCommand() {
    options_.backoff.initial = milliseconds(20);
    options_.backoff.max = milliseconds(200);
    options_.refresh = milliseconds(100);
  }

  // On any port the first time, then there again.
  void start(std::vector<std::string> more = {}) {
    process_.reset();
    std::vector<std::string> command{TERN_COMMAND, "registry", "--listen",
                                     "tcp@127.0.0.1:" + (port_.empty() ? "0" : port_)};
    command.insert(command.end(), more.begin(), more.end());
    process_.emplace(command);
    ASSERT_THAT(process_->first_line(),
                MatchesRegex("http@127\\.0\\.0\\.1:[0-9]+/_geerpc_/registry"));
    port_ = port_of(process_->first_line());
  }
  std::shared_ptr<Registry> open() {
    const std::string& address = process_->first_line();
    Result<std::shared_ptr<Registry>> registry =
        open_http_registry(address.substr(address.find('@') + 1), pool_, options_);
    EXPECT_TRUE(registry.ok()) << registry.status().to_string();
    return *registry;
  }
  static Instance server() { return Instance(*parse_endpoint(kServer)); }

  IoPool pool_;
  HttpRegistryOptions options_;
  std::optional<ChildProcess> process_;
  std::string port_;
};

TEST_F(RegistryCommand, RunsUntilItIsTerminated) {
  start();
  {
    std::shared_ptr<Registry> registry = open();
    auto registration = registry->announce("x", server());
    WatchedDiscovery seen(registry->discover("x"));
    EXPECT_THAT(seen.until({std::string(kServer)}), ElementsAre(kServer));
    // With clients that wait for a change.
    EXPECT_EQ(process_->terminate(), 0);
  }
  start();
  EXPECT_EQ(process_->terminate(), 0);
}

TEST_F(RegistryCommand, ForgetsAServerThatSaysNothingForItsTtl) {
  start({"--ttl", "300ms"});
  WatchedDiscovery seen(open()->discover("x"));
  seen.until({});
  asio::ip::tcp::iostream once("127.0.0.1", port_);
  once << "POST /_geerpc_/registry HTTP/1.1\r\nHost: x\r\nX-Geerpc-Server: " << kServer
       << "\r\nContent-Length: 0\r\n\r\n"
       << std::flush;
  EXPECT_THAT(seen.until({std::string(kServer)}), ElementsAre(kServer));
  EXPECT_THAT(seen.until({}), ElementsAre());
}

TEST_F(RegistryCommand, IsKilledAndStartedAgainAndEveryServerIsThereAgain) {
  start();
  std::shared_ptr<Registry> registry = open();
  auto registration = registry->announce("x", server());
  WatchedDiscovery seen(registry->discover("x"));
  ASSERT_THAT(seen.until({std::string(kServer)}), ElementsAre(kServer));
  seen.take_fewest();
  for (int i = 0; i < 20; ++i) {
    process_->kill();
    EXPECT_EQ(seen.until_status(Code::kUnavailable), Code::kUnavailable);
    start();
    EXPECT_EQ(seen.until_status(Code::kOk), Code::kOk);
    WatchedDiscovery fresh(registry->discover("x"));
    ASSERT_THAT(fresh.until({std::string(kServer)}), ElementsAre(kServer)) << i;
  }
  EXPECT_EQ(seen.take_fewest(), 1u);
}

TEST_F(RegistryCommand, HangsAndClientsKeepWhatTheyKnow) {
  options_.request_timeout = milliseconds(200);
  options_.wait = milliseconds(100);
  start();
  std::shared_ptr<Registry> registry = open();
  auto registration = registry->announce("x", server());
  WatchedDiscovery seen(registry->discover("x"));
  ASSERT_THAT(seen.until({std::string(kServer)}), ElementsAre(kServer));
  process_->signal(SIGSTOP);
  EXPECT_EQ(seen.until_status(Code::kDeadlineExceeded), Code::kDeadlineExceeded);
  EXPECT_EQ(seen.take_fewest(), 1u);
  process_->signal(SIGCONT);
  EXPECT_EQ(seen.until_status(Code::kOk), Code::kOk);
  EXPECT_THAT(seen.until({std::string(kServer)}), ElementsAre(kServer));
}

TEST_F(RegistryCommand, ListsThoseWhoKnowTheToken) {
  TemporaryDirectory directory;
  std::string file = directory.path() / "token";
  std::ofstream(file) << "secret\n";
  start({"--token-file", file, "--token-for-reading"});
  {
    WatchedDiscovery stranger(open()->discover("x"));
    EXPECT_EQ(stranger.until_status(Code::kPermissionDenied), Code::kPermissionDenied);
  }
  options_.token = "secret";
  std::shared_ptr<Registry> registry = open();
  auto registration = registry->announce("x", server());
  WatchedDiscovery seen(registry->discover("x"));
  EXPECT_THAT(seen.until({std::string(kServer)}), ElementsAre(kServer));
}

TEST(RegistryCommandLine, SaysWhatItDoesNotUnderstand) {
  EXPECT_EQ(run("").first, 2);
  EXPECT_EQ(run("registry --ttl 5"),
            std::make_pair(2, std::string("tern: --ttl: Missing mandatory unit\n"
                                          "Run with --help for more information.\n")));
  EXPECT_THAT(run("registry --ttl -5s").second, HasSubstr("expected 0s or more"));
  EXPECT_THAT(run("registry --ttl 5min --max-servers 0").second, HasSubstr("--max-servers"));
  EXPECT_EQ(run("registry --listen tcp@127.0.0.1:99999").first, 1);
  EXPECT_THAT(run("registry --listen tcp@127.0.0.1:99999").second,
              HasSubstr("port \"99999\" is not a number from 0 to 65535"));
  EXPECT_THAT(run("registry --token-file /nowhere").second,
              HasSubstr("tern registry: --token-file \"/nowhere\": expected a file"));
  EXPECT_THAT(run("registry --token-for-reading").second, HasSubstr("--token-file or --token"));
  EXPECT_THAT(run("registry --path /rpc").second, HasSubstr("\"/rpc\" is one of the server's own"));
  EXPECT_THAT(run("registry --help").second, HasSubstr("--listen ADDRESS"));
  EXPECT_THAT(run("--version"), ::testing::Pair(0, StartsWith("tern 0.")));
}

TEST(RegistryCommandLine, SaysThatAnAddressIsTaken) {
  ChildProcess first({TERN_COMMAND, "registry", "--listen", "tcp@127.0.0.1:0"});
  const std::string address = "tcp@127.0.0.1:" + port_of(first.first_line());
  std::pair<int, std::string> second = run("registry --listen " + address);
  EXPECT_EQ(second.first, 1);
  EXPECT_THAT(second.second, HasSubstr(address));
}

}  // namespace
}  // namespace tern::test
