#include "tern/balancer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <thread>

#include "balance/servers.h"

namespace tern::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::Each;
using ::testing::HasSubstr;

TEST(RandomBalancer, PicksEachServerAsOftenAsItsWeightHasIt) {
  auto balancer = random_balancer(scripted({0.0, 0.49, 0.51, 0.74, 0.76, 0.99}));
  Servers servers({2, 1, 1});
  EXPECT_EQ(picks(*balancer, servers.candidates(), 6), "aabbcc");
}

TEST(RandomBalancer, FollowsWeightsThatChange) {
  auto balancer = random_balancer(scripted({0.3, 0.6}));
  Servers servers({1, 1});
  EXPECT_EQ(picks(*balancer, servers.candidates(), 2), "ab");
  servers[1].set_weight(9);
  EXPECT_EQ(picks(*balancer, servers.candidates(), 2), "bb");
}

TEST(RandomBalancer, TakesTheLastForANumberThatIsTooLarge) {
  auto balancer = random_balancer([] { return 1.0; });
  EXPECT_EQ(picks(*balancer, Servers({1, 1, 1}).candidates(), 1), "c");
  EXPECT_EQ(picks(*balancer, Servers({1, 2, 3}).candidates(), 1), "c");
}

TEST(RandomBalancer, IsFairWithNumbersOfItsOwn) {
  auto balancer = random_balancer();
  Candidates candidates = Servers({1, 1, 2}).candidates();
  std::map<char, int> counts;
  for (char letter : picks(*balancer, candidates, 40'000)) ++counts[letter];
  // Six standard deviations.
  EXPECT_NEAR(counts['a'], 10'000, 520);
  EXPECT_NEAR(counts['b'], 10'000, 520);
  EXPECT_NEAR(counts['c'], 20'000, 600);
}

TEST(RoundRobin, PicksOneAfterTheOther) {
  auto balancer = round_robin(scripted({0.0}));
  EXPECT_EQ(picks(*balancer, Servers({1, 5, 1}).candidates(), 7), "abcabca");
}

TEST(RoundRobin, BeginsAnywhere) {
  // 5 in units of 2^-32.
  auto balancer = round_robin(scripted({0x5p-32}));
  EXPECT_EQ(picks(*balancer, Servers({1, 1, 1}).candidates(), 3), "cab");
}

TEST(RoundRobin, StaysInSetsThatShrink) {
  auto balancer = round_robin(scripted({0.0}));
  Servers servers({1, 1, 1, 1});
  picks(*balancer, servers.candidates(), 3);
  servers.leave(2);
  servers.leave(3);
  EXPECT_EQ(picks(*balancer, servers.candidates(), 4), "baba");
}

TEST(LeastPending, TakesTheServerWithTheFewestCalls) {
  auto balancer = least_pending(scripted({0.0}));
  Servers servers({1, 1, 1});
  servers[0].call_started();
  servers[1].call_started();
  EXPECT_EQ(picks(*balancer, servers.candidates(), 2), "cc");
}

TEST(LeastPending, ComparesCallsInProportionToWeights) {
  auto balancer = least_pending(scripted({0.0}));
  Servers servers({1, 4});
  servers[0].call_started();
  for (int i = 0; i < 3; ++i) servers[1].call_started();
  EXPECT_EQ(picks(*balancer, servers.candidates(), 2), "bb");
  servers[1].call_started();
  servers[1].call_started();
  EXPECT_EQ(picks(*balancer, servers.candidates(), 2), "aa");
}

TEST(LeastPending, TakesTurnsAmongEquals) {
  auto balancer = least_pending(scripted({0.0}));
  Servers servers({1, 1, 1, 1});
  EXPECT_EQ(picks(*balancer, servers.candidates(), 5), "abcda");
  servers[0].call_started();
  servers[2].call_started();
  EXPECT_EQ(picks(*balancer, servers.candidates(), 4), "bdbd");
}

TEST(PowerOfTwo, TakesTheLessLoadedOfTheTwoThatAreChosen) {
  // First draws a (of four), then b (of the other three).
  auto balancer = power_of_two(scripted({0.0, 0.0}));
  Servers servers({1, 1, 1, 1});
  EXPECT_EQ(picks(*balancer, servers.candidates(), 1), "a");
  servers[0].call_started();
  EXPECT_EQ(picks(*balancer, servers.candidates(), 1), "b");
}

TEST(PowerOfTwo, DrawsTwoThatDiffer) {
  for (double first : {0.0, 0.3, 0.6, 0.9}) {
    for (double second : {0.0, 0.3, 0.6, 0.99}) {
      for (auto weights : {std::vector<std::uint32_t>{1, 1, 1}, {7, 1, 2}}) {
        auto balancer = power_of_two(scripted({first, second}));
        Servers servers(weights);
        std::string idle = picks(*balancer, servers.candidates(), 1);
        servers[static_cast<std::size_t>(idle[0] - 'a')].call_started();
        for (int i = 0; i < 100; ++i) {
          servers[static_cast<std::size_t>(idle[0] - 'a')].call_started();
        }
        EXPECT_NE(picks(*balancer, servers.candidates(), 1), idle);
      }
    }
  }
}

TEST(PowerOfTwo, DrawsByWeight) {
  auto balancer = power_of_two(scripted({0.79, 0.0, 0.81, 0.0}));
  EXPECT_EQ(picks(*balancer, Servers({4, 1}).candidates(), 2), "ab");
}

TEST(PowerOfTwo, MultipliesTheCallsWithTheTimeThatOneTakes) {
  auto balancer = power_of_two(scripted({0.0, 0.0}));
  Servers servers({1, 1});
  PickRequest request;
  request.now = Clock::TimePoint(seconds(100));
  servers[0].observe(milliseconds(10), request.now);
  servers[1].observe(milliseconds(35), request.now);
  servers[0].call_started();
  servers[0].call_started();
  EXPECT_EQ(picks(*balancer, servers.candidates(), 1, request), "a");
  servers[0].call_started();
  EXPECT_EQ(picks(*balancer, servers.candidates(), 1, request), "b");
}

TEST(PowerOfTwo, TakesAServerThatItDoesNotKnowForAsFastAsTheOther) {
  auto balancer = power_of_two(scripted({0.0, 0.0}));
  Servers servers({1, 1});
  PickRequest request;
  request.now = Clock::TimePoint(seconds(100));
  servers[0].observe(milliseconds(10), request.now);
  EXPECT_EQ(picks(*balancer, servers.candidates(), 1, request), "a");
  servers[0].call_started();
  EXPECT_EQ(picks(*balancer, servers.candidates(), 1, request), "b");
}

TEST(PowerOfTwo, DividesTheCallsByTheWeight) {
  auto balancer = power_of_two(scripted({0.0, 0.0}));
  Servers servers({4, 1});
  for (int i = 0; i < 3; ++i) servers[0].call_started();
  servers[1].call_started();
  EXPECT_EQ(picks(*balancer, servers.candidates(), 1), "a");
  for (int i = 0; i < 2; ++i) servers[0].call_started();
  EXPECT_EQ(picks(*balancer, servers.candidates(), 1), "b");
}

// Ten thousand calls on time that is counted: four servers with two places each, of which one needs
// ten times as long. Gives the number of calls that it got.
int calls_of_the_slow_server(Balancer& balancer) {
  Servers servers({1, 1, 1, 1});
  Candidates candidates = servers.candidates();
  std::multimap<Clock::TimePoint, std::size_t> ends;
  PickRequest request;
  request.now = Clock::TimePoint(seconds(100));
  int slow = 0;
  for (int call = 0; call < 10'000; ++call) {
    request.now += milliseconds(1);
    while (!ends.empty() && ends.begin()->first <= request.now) {
      std::size_t server = ends.begin()->second;
      servers[server].observe(milliseconds(server == 3 ? 40 : 4), ends.begin()->first);
      servers[server].call_ended();
      ends.erase(ends.begin());
    }
    std::size_t server = balancer.pick(candidates, request);
    servers[server].call_started();
    if (server == 3) ++slow;
    ends.emplace(request.now + milliseconds(server == 3 ? 40 : 4), server);
  }
  return slow;
}

TEST(Balancers, SteerAroundASlowServerIfTheyLookAtLoad) {
  int blind = calls_of_the_slow_server(*round_robin());
  EXPECT_EQ(blind, 2500);
  EXPECT_LT(calls_of_the_slow_server(*least_pending()), blind / 3);
  EXPECT_LT(calls_of_the_slow_server(*power_of_two()), blind / 10);
}

TEST(Balancers, PickTheOnlyServer) {
  Candidates candidates = Servers({7}).candidates();
  PickRequest request;
  request.key = 1;
  for (const auto& balancer : {random_balancer(), round_robin(), weighted_round_robin(),
                               least_pending(), power_of_two(), consistent_hash()}) {
    EXPECT_EQ(picks(*balancer, candidates, 3, request), "aaa") << balancer->name();
  }
}

TEST(Balancers, MayBeAskedByManyThreadsWhileServersComeAndGo) {
  for (const auto& balancer : {random_balancer(), round_robin(), weighted_round_robin(),
                               least_pending(), power_of_two(), consistent_hash()}) {
    Servers servers({1, 2, 3, 4, 5, 6});
    Candidates all = servers.candidates();
    servers.leave(1);
    servers.leave(4);
    Candidates fewer = servers.candidates();
    std::atomic<int> outside = 0;
    std::vector<std::thread> threads;
    for (std::uint64_t t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        for (std::uint64_t i = 0; i < 2'000; ++i) {
          const Candidates& candidates = (i / 100 + t) % 2 == 0 ? all : fewer;
          PickRequest request;
          request.key = hash_of_key(std::to_string(i));
          request.now = Clock::TimePoint(milliseconds(i));
          std::size_t index = balancer->pick(candidates, request);
          if (index >= candidates.servers.size()) {
            ++outside;
            continue;
          }
          ServerLoad& server = servers[candidates.servers[index]->id() - 1];
          server.call_started();
          server.observe(milliseconds(1), request.now);
          server.call_ended();
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(outside, 0) << balancer->name();
  }
}

}  // namespace
}  // namespace tern::test
