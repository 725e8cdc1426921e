// The wall clock of the registry, the servers and the client is set while they run: processes whose
// clock is libfaketime's, which this test turns. The monotonic clock goes on.
#include <gtest/gtest.h>

#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "foo.service.h"
#include "integration/many_servers/foo_servers.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;
using std::chrono::hours;
using std::chrono::steady_clock;
using std::chrono::system_clock;

// What libfaketime reads at each look at a clock. Of this process, also when it has begun again.
std::string clock_file() {
  return testing::TempDir() + "tern-clock-" + std::to_string(::getpid());
}

// By so much the wall clock is ahead from now on, here and in what this process has started.
void set_clock_ahead(hours by) {
  const std::string next = clock_file() + "-next";
  {
    std::ofstream file(next);
    file << (by < 0h ? "" : "+") << by.count() << "h\n";
  }
  ASSERT_EQ(std::rename(next.c_str(), clock_file().c_str()), 0);
}

// Begins this program again with libfaketime, unless it has begun so.
void run_with_libfaketime() {
  if (std::getenv("FAKETIME_TIMESTAMP_FILE") != nullptr) return;
  set_clock_ahead(0h);
  ::setenv("FAKETIME_TIMESTAMP_FILE", clock_file().c_str(), 1);
  ::setenv("FAKETIME_NO_CACHE", "1", 1);
  ::setenv("FAKETIME_DONT_FAKE_MONOTONIC", "1", 1);
  ::setenv("LD_PRELOAD", TERN_FAKETIME, 1);
  std::ifstream file("/proc/self/cmdline");
  std::vector<std::string> arguments;
  for (std::string one; std::getline(file, one, '\0');) arguments.push_back(one);
  std::vector<char*> pointers;
  for (std::string& one : arguments) pointers.push_back(one.data());
  pointers.push_back(nullptr);
  ::execv("/proc/self/exe", pointers.data());
  FAIL() << "execv: " << std::strerror(errno);
}

bool has_libfaketime(const ChildProcess& process) {
  std::ifstream maps("/proc/" + std::to_string(process.pid()) + "/maps");
  const std::string text(std::istreambuf_iterator<char>(maps), {});
  return text.find("libfaketime") != text.npos;
}

class ClockJumps : public FooServersTest {
 protected:
  static void SetUpTestSuite() { run_with_libfaketime(); }
  static void TearDownTestSuite() { std::filesystem::remove(clock_file()); }
};

// In more than twice the time that an entry lasts.
TEST_F(ClockJumps, OfADayEndNoCallAndNoEntry) {
  start_registry();
  for (int i = 0; i < 2; ++i) add_server();
  EXPECT_TRUE(has_libfaketime(*registry_process_));
  for (const FooServer& server : servers_) EXPECT_TRUE(has_libfaketime(*server.process));
  std::promise<void> listed;
  std::atomic<int> changes = -1;  // the first list is none
  std::vector<Instance> last;     // touched by the watch alone
  auto list = discover();
  auto watch = list->watch([&](const ServerView& view) {
    if (!view.known() || *view.servers == last) return;
    last = *view.servers;
    if (++changes == 0) listed.set_value();
  });
  listed.get_future().wait();
  Cluster cluster(discover(), pool_);
  foo::FooStub foo(cluster);
  CallOptions options;
  options.timeout = 20s;

  const auto wall_begin = system_clock::now();
  const auto begin = steady_clock::now();
  std::int64_t jumps = 0;
  while (steady_clock::now() - begin < 13s) {
    auto ended = std::make_shared<std::promise<Result<std::int64_t>>>();
    auto running = ended->get_future();
    foo.Sleep({1, jumps}, options).then([ended](Result<std::int64_t> result) {  // for a second
      ended->set_value(std::move(result));
    });
    const hours ahead = std::array<hours, 4>{24h, -24h, 0h, -48h}[jumps % 4];
    set_clock_ahead(ahead);
    const auto seen = system_clock::now() - wall_begin - (steady_clock::now() - begin);
    ASSERT_EQ(std::chrono::round<hours>(seen), ahead) << "libfaketime does not turn this clock";
    ASSERT_EQ(running.wait_for(30s), std::future_status::ready) << "time stands still";
    Result<std::int64_t> result = running.get();
    ASSERT_TRUE(result.ok()) << result.status().to_string();
    EXPECT_EQ(*result, jumps + 1);
    ++jumps;
  }
  EXPECT_GE(jumps, 4);
  EXPECT_EQ(changes, 0);
}

}  // namespace
}  // namespace tern::test
