// Servers that are slower than others, and that fail.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "foo.service.h"
#include "integration/many_servers/foo_servers.h"
#include "tern/balancer.h"
#include "tern/fan_out.h"

namespace tern::test {
namespace {

class UnevenServers : public FooServersTest {
 protected:
  // How many of so many calls, made by several callers at once, go to the last server.
  std::uint64_t calls_to_last(std::shared_ptr<Balancer> balancer, std::size_t calls);
};

std::uint64_t UnevenServers::calls_to_last(std::shared_ptr<Balancer> balancer, std::size_t calls) {
  constexpr std::size_t kCallers = 8;
  ClusterOptions options;
  options.balancer = std::move(balancer);
  Cluster cluster(discover(), pool_, options);
  auto so_far = [&] {
    for (const ClusterServerStats& server : cluster.stats().servers) {
      if (server.address == servers_.back().address) return server.calls;
    }
    return std::uint64_t{0};
  };
  // So that all are connected.
  auto each = call_each(cluster, [](Channel& server) { return foo::FooStub(server).Sum({1, 2}); });
  EXPECT_EQ(each.get()->size(), servers_.size());
  const std::uint64_t before = so_far();

  std::atomic<std::size_t> next = 0;
  std::vector<std::thread> callers;
  for (std::size_t i = 0; i < kCallers; ++i) {
    callers.emplace_back([&] {
      foo::FooStub foo(cluster);
      while (next++ < calls) EXPECT_TRUE(foo.Sum({1, 2}).get().ok());
    });
  }
  for (std::thread& caller : callers) caller.join();
  return so_far() - before;
}

TEST_F(UnevenServers, AreEvenedOutByLeastPendingAndPowerOfTwo) {
  start_registry();
  for (int i = 0; i < 3; ++i) add_server({"--work", "10"});
  add_server({"--work", "500"});
  EXPECT_EQ(calls_to_last(round_robin(), 64), 64u / 4);
  EXPECT_LE(calls_to_last(least_pending(), 800), 800u / 8);
  EXPECT_LE(calls_to_last(power_of_two(), 800), 800u / 8);
}

TEST_F(UnevenServers, RetryNoMoreThanTheBudgetAllowsWhenOneOfTwoFails) {
  start_registry();
  add_server();
  add_server({"--broken"});
  ClusterOptions options;
  options.outliers.consecutive_failures = 0;  // or the broken one would soon get no calls
  options.balancer = round_robin();
  Cluster cluster(discover(), pool_, options);
  foo::FooStub foo(cluster);
  const auto begun = std::chrono::steady_clock::now();
  std::size_t failed = 0;
  for (int i = 0; i < 5'000; ++i) {
    if (!foo.Sum({1, 2}).get().ok()) ++failed;
  }
  const ClusterStats stats = cluster.stats();
  EXPECT_EQ(stats.calls, 5'000u);
  // A fifth, and ten for each second; a little of that may have been earned before.
  const auto seconds =
      std::chrono::ceil<std::chrono::seconds>(std::chrono::steady_clock::now() - begun).count();
  EXPECT_LE(stats.retries, stats.calls / 5 + 10 * (static_cast<std::uint64_t>(seconds) + 10));
  EXPECT_GT(stats.retries, stats.calls / 10);
  EXPECT_GT(failed, 0u);
}

}  // namespace
}  // namespace tern::test
