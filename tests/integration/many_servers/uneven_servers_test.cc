// Servers that are slower than others, that fail, and that come back to a crowd.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "foo.service.h"
#include "integration/many_servers/foo_servers.h"
#include "tern/balancer.h"

namespace tern::test {
namespace {

class UnevenServers : public FooServersTest {
 protected:
  // The time that 99 of 100 of so many calls stay within, from several callers.
  std::chrono::nanoseconds p99(std::shared_ptr<Balancer> balancer, std::size_t calls);
};

std::chrono::nanoseconds UnevenServers::p99(std::shared_ptr<Balancer> balancer, std::size_t calls) {
  constexpr std::size_t kCallers = 8;
  ClusterOptions options;
  options.balancer = std::move(balancer);
  Cluster cluster(discover(), pool_, options);
  std::vector<std::vector<std::chrono::nanoseconds>> times(kCallers);
  std::atomic<std::size_t> next = 0;
  std::vector<std::thread> callers;
  for (std::vector<std::chrono::nanoseconds>& own : times) {
    callers.emplace_back([&] {
      foo::FooStub foo(cluster);
      while (next++ < calls) {
        const auto begun = std::chrono::steady_clock::now();
        EXPECT_TRUE(foo.Sum({1, 2}).get().ok());
        own.push_back(std::chrono::steady_clock::now() - begun);
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  std::vector<std::chrono::nanoseconds> all;
  for (const auto& own : times) all.insert(all.end(), own.begin(), own.end());
  auto at = all.begin() + static_cast<std::ptrdiff_t>(all.size() * 99 / 100);
  std::nth_element(all.begin(), at, all.end());
  return *at;
}

TEST_F(UnevenServers, AreEvenedOutByLeastPendingAndPowerOfTwo) {
  start_registry();
  for (int i = 0; i < 3; ++i) add_server({"--work", "10"});
  add_server({"--work", "3000"});
  const std::chrono::nanoseconds in_turn = p99(round_robin(), 64);
  EXPECT_LE(p99(least_pending(), 2000), in_turn / 2);
  EXPECT_LE(p99(power_of_two(), 2000), in_turn / 2);
}

TEST_F(UnevenServers, AddNoMoreThanAQuarterToTheAttemptsWhenOneOfTwoFails) {
  start_registry();
  add_server();
  add_server({"--broken"});
  ClusterOptions options;
  options.outliers.consecutive_failures = 0;  // or the broken one would soon get no calls
  options.balancer = round_robin();
  Cluster cluster(discover(), pool_, options);
  foo::FooStub foo(cluster);
  std::size_t failed = 0;
  for (int i = 0; i < 20'000; ++i) {
    if (!foo.Sum({1, 2}).get().ok()) ++failed;
  }
  const ClusterStats stats = cluster.stats();
  EXPECT_EQ(stats.calls, 20'000u);
  EXPECT_LE(stats.attempts, stats.calls * 5 / 4);
  EXPECT_GT(stats.retries, stats.calls / 10);
  EXPECT_GT(failed, 0u);
}

}  // namespace
}  // namespace tern::test
