// A cluster that several threads use at once, while its servers come and go. What it shows is that
// every call ends, and, under ThreadSanitizer, that nothing is shared without care.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include "arith.service.h"
#include "tern/cluster.h"
#include "tern/fan_out.h"
#include "tern/server.h"
#include "tern/server_list.h"

namespace tern {
namespace {

using namespace std::chrono_literals;

class Arith final : public arith::ArithService {
  Reply<std::int64_t> Multiply(ServerContext& /*context*/, arith::Args args) override {
    return args.A * args.B;
  }
  Reply<arith::Quotient> Divide(ServerContext& /*context*/, arith::Args args) override {
    return arith::Quotient(args.A / args.B, args.A % args.B);
  }
  Reply<void> Sleep(ServerContext& /*context*/, Duration time) override {
    if (time < Duration::zero()) return Status(Code::kInvalidArgument, "less than nothing");
    return Result<void>();
  }
};

class ClusterThreads : public testing::Test {
 protected:
  static constexpr int kServers = 3;
  static constexpr int kCallers = 4;
  static constexpr int kCalls = 1500;

  struct OneServer {
    std::unique_ptr<Server> server;
    Endpoint address;
  };

  void start(OneServer& one) {
    one.server = std::make_unique<Server>();
    ASSERT_TRUE(one.server->add(std::make_shared<Arith>()).ok());
    Result<Endpoint> at = one.server->listen("tcp@127.0.0.1:0");
    ASSERT_TRUE(at.ok()) << at.status().to_string();
    one.address = *at;
  }

  std::vector<Instance> listed(std::size_t without) const {
    std::vector<Instance> instances;
    for (std::size_t i = 0; i < servers_.size(); ++i) {
      if (i != without) instances.emplace_back(servers_[i].address);
    }
    return instances;
  }

  // Calls in every way, and gives up some of them.
  void call(Channel& cluster, unsigned seed) {
    std::minstd_rand random(seed);
    arith::ArithStub arith(cluster);
    std::vector<Call<std::int64_t>> calls;
    for (int i = 0; i < kCalls; ++i) {
      CallOptions options;
      if (i % 5 == 0) options.timeout = std::chrono::microseconds(random() % 500);
      calls.push_back(arith.Multiply({i, 2}, options));
      if (i % 3 == 0) calls[random() % calls.size()].cancel();
      if (calls.size() < 16) continue;
      end(calls);
    }
    end(calls);
  }

  void end(std::vector<Call<std::int64_t>>& calls) {
    for (Call<std::int64_t>& one : calls) {
      Result<std::int64_t> product = one.get();
      EXPECT_TRUE(!product.ok() || *product % 2 == 0);
      ++ended_;
    }
    calls.clear();
  }

  std::vector<OneServer> servers_{kServers};
  std::atomic<int> ended_ = 0;
};

TEST_F(ClusterThreads, EndEveryCallWhileServersComeAndGo) {
  for (OneServer& one : servers_) start(one);
  auto list = std::make_shared<ServerList>(listed(kServers));
  IoPool pool(2);
  ClusterOptions options;
  options.hedge.after = 100us;
  options.retry.budget_per_second = 1e6;
  options.balancer = least_pending();
  Cluster cluster(list, pool, options);

  std::vector<std::thread> callers;
  for (unsigned i = 0; i < kCallers; ++i) {
    callers.emplace_back([&, i] { call(cluster, i + 1); });
  }
  for (std::size_t round = 0; ended_ < kCallers * kCalls; ++round) {
    OneServer& one = servers_[round % kServers];
    list->update(listed(round % kServers));
    one.server->stop(round % 2 == 0 ? 0s : 1s);
    start(one);
    list->update(listed(kServers));
    // Until somebody has called it, or nobody calls any more.
    while (one.server->stats().connections_accepted == 0 && ended_ < kCallers * kCalls) {
      auto answers = call_each(cluster, [](Channel& server) {
                       return arith::ArithStub(server).Multiply({1, 1});
                     }).get();
      EXPECT_TRUE(answers.ok()) << answers.status().to_string();
    }
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(ended_, kCallers * kCalls);
  EXPECT_EQ(cluster.stats().calls_pending, 0u);
  EXPECT_EQ(cluster.stats().calls_waiting, 0u);
}

TEST_F(ClusterThreads, EndEveryCallWhenTheClusterIsClosed) {
  for (OneServer& one : servers_) start(one);
  auto cluster = std::make_unique<Cluster>(std::make_shared<ServerList>(listed(kServers)));
  std::vector<std::thread> callers;
  for (unsigned i = 0; i < kCallers; ++i) {
    callers.emplace_back([&, i] { call(*cluster, i + 1); });
  }
  while (ended_ < kCallers * kCalls / 4) std::this_thread::yield();
  cluster->close();
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(ended_, kCallers * kCalls);
  cluster.reset();
}

}  // namespace
}  // namespace tern
