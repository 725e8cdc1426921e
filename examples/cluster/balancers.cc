#include <iomanip>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "demos.h"
#include "foo.service.h"
#include "tern/balancer.h"

namespace {

constexpr int kCalls = 120;
constexpr int kAtOnce = 12;

// Calls in waves of kAtOnce, and returns how many of them failed. Each call is of one of 20
// customers, for the balancer that sends the same one's calls to the same server.
int call_in_waves(tern::Cluster& cluster) {
  foo::FooStub foo(cluster);
  tern::CallOptions options;
  int failed = 0;
  for (int done = 0; done < kCalls; done += kAtOnce) {
    std::vector<tern::Call<std::int64_t>> calls;
    for (int i = done; i < done + kAtOnce; ++i) {
      options.hash_key = "customer " + std::to_string(i % 20);
      calls.push_back(foo.Sum({i, i}, options));
    }
    for (tern::Call<std::int64_t>& call : calls) failed += call.get().ok() ? 0 : 1;
  }
  return failed;
}

void print_heading(const tern::Cluster& cluster) {
  std::cout << std::left << std::setw(24) << "balancer";
  for (const tern::ClusterServerStats& server : cluster.stats().servers) {
    std::string weight = server.weight == 1 ? "" : " (" + std::to_string(server.weight) + ")";
    std::cout << std::setw(27) << server.address + weight;
  }
  std::cout << std::endl;
}

void print_calls(const std::string& name, const tern::Cluster& cluster) {
  std::cout << std::left << std::setw(24) << name;
  for (const tern::ClusterServerStats& server : cluster.stats().servers) {
    std::cout << std::setw(27) << server.calls;
  }
  std::cout << std::endl;
}

}  // namespace

bool show_balancers(const std::shared_ptr<tern::Discovery>& servers, tern::IoPool& pool) {
  const std::vector<std::pair<std::string, std::shared_ptr<tern::Balancer>>> balancers = {
      {"random", tern::random_balancer()},
      {"round robin", tern::round_robin()},
      {"weighted round robin", tern::weighted_round_robin()},
      {"consistent hash", tern::consistent_hash()},
      {"least pending", tern::least_pending()},
      {"power of two choices", tern::power_of_two()},
  };
  int failed = 0;
  bool first = true;
  for (const auto& [name, balancer] : balancers) {
    tern::ClusterOptions options;
    options.balancer = balancer;
    tern::Cluster cluster(servers, pool, options);
    failed += call_in_waves(cluster);
    if (std::exchange(first, false)) print_heading(cluster);
    print_calls(name, cluster);
  }
  if (failed > 0) std::cout << failed << " calls failed" << std::endl;
  return failed == 0;
}
