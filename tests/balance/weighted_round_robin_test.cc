#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <random>

#include "balance/servers.h"

namespace tern::test {
namespace {

TEST(WeightedRoundRobin, SpreadsThePicksOfAHeavyServer) {
  auto balancer = weighted_round_robin();
  EXPECT_EQ(picks(*balancer, Servers({5, 1, 1}).candidates(), 14), "aabacaaaabacaa");
}

TEST(WeightedRoundRobin, IsRoundRobinWhereAllWeighTheSame) {
  auto balancer = weighted_round_robin();
  EXPECT_EQ(picks(*balancer, Servers({3, 3, 3}).candidates(), 7), "abcabca");
}

TEST(WeightedRoundRobin, GoesOnWhereItWasWhenAnotherServerLeaves) {
  auto balancer = weighted_round_robin();
  Servers servers({1, 1, 1, 1});
  EXPECT_EQ(picks(*balancer, servers.candidates(), 2), "ab");
  servers.leave(3);
  EXPECT_EQ(picks(*balancer, servers.candidates(), 4), "cabc");
}

TEST(WeightedRoundRobin, GivesANewServerNoMoreThanItsShare) {
  auto balancer = weighted_round_robin();
  Servers servers({1, 1});
  picks(*balancer, servers.candidates(), 1000);
  servers.join();
  std::string next = picks(*balancer, servers.candidates(), 9);
  EXPECT_EQ(std::count(next.begin(), next.end(), 'c'), 3) << next;
}

TEST(WeightedRoundRobin, FollowsAWeightThatShrinksWithoutStarvingTheServer) {
  auto balancer = weighted_round_robin();
  Servers servers({1000, 1});
  picks(*balancer, servers.candidates(), 1);
  servers[0].set_weight(1);
  std::string next = picks(*balancer, servers.candidates(), 6);
  EXPECT_EQ(std::count(next.begin(), next.end(), 'a'), 3) << next;
}

TEST(WeightedRoundRobin, DoesNotBurstWhenAWeightGrows) {
  auto balancer = weighted_round_robin();
  Servers servers({1, 1000});
  picks(*balancer, servers.candidates(), 400);
  servers[0].set_weight(1000);
  std::string next = picks(*balancer, servers.candidates(), 6);
  EXPECT_EQ(std::count(next.begin(), next.end(), 'a'), 3) << next;
}

TEST(WeightedRoundRobin, GivesAServerThatFlapsNoMoreThanItsShare) {
  auto balancer = weighted_round_robin();
  Servers servers({1, 1, 1, 1});
  std::string seen;
  for (int i = 0; i < 400; ++i) {
    servers.come_back(0);
    seen += picks(*balancer, servers.candidates(), 1);
    servers.leave(0);
    seen += picks(*balancer, servers.candidates(), 1);
  }
  // A fourth of the picks while it was there.
  EXPECT_NEAR(static_cast<double>(std::count(seen.begin(), seen.end(), 'a')), 100, 2);
}

// Random changes of sets and weights, with random numbers of picks between them.
class Churn {
 public:
  explicit Churn(std::uint32_t seed) : numbers_(seed), servers_(first_weights()) {}

  void run(int changes) {
    for (int i = 0; i < changes; ++i) {
      pick_some();
      change();
    }
  }

  // The most that any server got in any run of picks beyond its share of them.
  double worst_excess() const { return worst_excess_; }
  // In as many picks without a change as the weights sum up to: the most that any server got
  // more or less than its weight.
  long worst_window() const { return worst_window_; }

 private:
  std::uint32_t below(std::uint32_t end) { return static_cast<std::uint32_t>(numbers_() % end); }
  std::uint32_t weight() { return 1 + below(max_weight_); }

  std::vector<std::uint32_t> first_weights() {
    max_weight_ = below(3) == 0 ? 1 : below(2) == 0 ? 100 : 5;
    std::vector<std::uint32_t> weights(1 + below(12));
    for (std::uint32_t& one : weights) one = weight();
    return weights;
  }

  void pick_some() {
    Candidates candidates = servers_.candidates();
    std::uint32_t sum = 0;
    for (const auto& server : candidates.servers) sum += server->weight();
    std::uint32_t count = below(3) == 0 ? below(3) : below(3 * sum + 1);
    std::vector<std::uint64_t> ids;
    std::map<std::uint64_t, long> in_window;
    for (std::uint32_t i = 0; i < count; ++i) {
      std::uint64_t id = candidates.servers[balancer_->pick(candidates, {})]->id();
      ids.push_back(id);
      ++in_window[id];
      if (i >= sum) --in_window[ids[i - sum]];
      for (const auto& server : candidates.servers) {
        Account& account = accounts_[server->id()];
        account.excess -= server->weight() / static_cast<double>(sum);
        if (server->id() == id) account.excess += 1;
        worst_excess_ = std::max(worst_excess_, account.excess - account.least);
        account.least = std::min(account.least, account.excess);
        if (i + 1 >= sum) {
          long weight = server->weight();
          worst_window_ = std::max(worst_window_, std::abs(in_window[server->id()] - weight));
        }
      }
    }
  }

  void change() {
    std::vector<std::size_t> there;
    std::vector<std::size_t> gone;
    for (std::size_t i = 0; i < servers_.size(); ++i) {
      (servers_.there(i) ? there : gone).push_back(i);
    }
    auto any = [this](const std::vector<std::size_t>& of) {
      return of[below(static_cast<std::uint32_t>(of.size()))];
    };
    switch (below(4)) {
      case 0:
        servers_.join(weight());
        break;
      case 1:
        if (there.size() > 1) servers_.leave(any(there));
        break;
      case 2:
        servers_[any(there)].set_weight(weight());
        break;
      default:
        if (!gone.empty()) servers_.come_back(any(gone));
    }
  }

  struct Account {
    double excess = 0;  // picks beyond the share, since the beginning
    double least = 0;
  };

  std::mt19937 numbers_;
  std::uint32_t max_weight_ = 1;
  Servers servers_;
  std::shared_ptr<Balancer> balancer_ = weighted_round_robin();
  std::map<std::uint64_t, Account> accounts_;
  double worst_excess_ = 0;
  long worst_window_ = 0;
};

TEST(WeightedRoundRobin, HoldsItsSharesThroughAnyChanges) {
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    Churn churn(seed);
    churn.run(20);
    EXPECT_LE(churn.worst_window(), 1) << "seed " << seed;
    // Two picks, and the part of one that a share ends with.
    EXPECT_LT(churn.worst_excess(), 2.5) << "seed " << seed;
  }
}

TEST(WeightedRoundRobin, ForgetsServersThatDoNotComeBack) {
  auto balancer = weighted_round_robin();
  Servers servers({1, 1});
  for (std::size_t i = 0; i < 2000; ++i) {
    servers.join();
    servers.leave(i);
    std::string next = picks(*balancer, servers.candidates(), 4);
    ASSERT_EQ(next.size(), 4u);
  }
  EXPECT_EQ(picks(*balancer, servers.candidates(), 4), "zzzz");
}

}  // namespace
}  // namespace tern::test
