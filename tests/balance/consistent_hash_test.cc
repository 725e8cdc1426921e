#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "balance/servers.h"

namespace tern::test {
namespace {

constexpr int kKeys = 100'000;

// Where every key goes: the id of its server.
std::vector<std::uint64_t> owners(Balancer& balancer, const Candidates& candidates) {
  std::vector<std::uint64_t> ids;
  for (int i = 0; i < kKeys; ++i) {
    PickRequest request;
    request.key = hash_of_key("user-" + std::to_string(i));
    ids.push_back(candidates.servers[balancer.pick(candidates, request)]->id());
  }
  return ids;
}

double moved(const std::vector<std::uint64_t>& before, const std::vector<std::uint64_t>& after) {
  int count = 0;
  for (std::size_t i = 0; i < before.size(); ++i) count += before[i] != after[i];
  return static_cast<double>(count) / kKeys;
}

PickRequest with_key(std::string_view key) {
  PickRequest request;
  request.key = hash_of_key(key);
  return request;
}

TEST(HashOfKey, IsTheSameInEveryProgramAndVersion) {
  EXPECT_EQ(hash_of_key(""), 0xefd01f60ba992926u);
  EXPECT_EQ(hash_of_key("a"), 0x82a2a958a9bece5bu);
  EXPECT_EQ(hash_of_key("user-1"), 0x41a2fca5c68401c5u);
}

TEST(ConsistentHash, BeginsTheTurnsOfCallsWithoutAKeyWhereItsSourceSays) {
  ConsistentHashOptions options;
  options.random = scripted({0x5p-32});
  EXPECT_EQ(picks(*consistent_hash(options), Servers({1, 1, 1}).candidates(), 3), "cab");
}

TEST(ConsistentHash, MovesOnlyTheKeysOfAServerThatLeaves) {
  Servers servers(std::vector<std::uint32_t>(10, 1));
  auto balancer = consistent_hash();
  std::vector<std::uint64_t> before = owners(*balancer, servers.candidates());
  for (std::size_t leaving = 0; leaving < 10; ++leaving) {
    servers.leave(leaving);
    std::vector<std::uint64_t> after = owners(*balancer, servers.candidates());
    servers.come_back(leaving);
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (before[i] != leaving + 1) {
        ASSERT_EQ(after[i], before[i]);
      }
    }
    EXPECT_LE(moved(before, after), 1.0 / 10 + 0.05);
  }
  EXPECT_EQ(owners(*balancer, servers.candidates()), before);
}

TEST(ConsistentHash, MovesKeysOnlyToAServerThatJoins) {
  Servers servers(std::vector<std::uint32_t>(10, 1));
  auto balancer = consistent_hash();
  std::vector<std::uint64_t> before = owners(*balancer, servers.candidates());
  servers.join();
  std::vector<std::uint64_t> after = owners(*balancer, servers.candidates());
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] != 11) {
      ASSERT_TRUE(after[i] == before[i] || after[i] == 11);
    }
  }
  EXPECT_LE(moved(before, after), 1.0 / 11 + 0.05);
}

TEST(ConsistentHash, GivesEachServerItsShareOfTheKeys) {
  Servers servers({1, 1, 1, 1, 4});
  std::map<std::uint64_t, double> shares;
  for (std::uint64_t id : owners(*consistent_hash(), servers.candidates())) {
    shares[id] += 1.0 / kKeys;
  }
  for (std::uint64_t id = 1; id <= 4; ++id) EXPECT_NEAR(shares[id], 1.0 / 8, 0.03);
  EXPECT_NEAR(shares[5], 0.5, 0.06);
}

TEST(ConsistentHash, IsTheSameInEveryClient) {
  Servers ours({1, 2, 3});
  Servers theirs({5, 2, 3});
  theirs[0].set_weight(1);
  EXPECT_EQ(owners(*consistent_hash(), ours.candidates()),
            owners(*consistent_hash(), theirs.candidates()));
}

TEST(ConsistentHash, BearsAnyWeight) {
  Servers servers({4'000'000'000, 4'000'000'000, 1});
  std::map<std::uint64_t, double> shares;
  for (std::uint64_t id : owners(*consistent_hash(), servers.candidates())) {
    shares[id] += 1.0 / kKeys;
  }
  EXPECT_NEAR(shares[1], 0.5, 0.03);
}

TEST(ConsistentHash, TakesTurnsForCallsWithoutAKey) {
  std::string seen = picks(*consistent_hash(), Servers({1, 1, 1}).candidates(), 6);
  EXPECT_EQ(seen.substr(0, 3), seen.substr(3));
  EXPECT_EQ(std::set<char>(seen.begin(), seen.end()).size(), 3u);
}

TEST(ConsistentHash, LoadsNoServerBeyondTheBoundWhileOthersHaveRoom) {
  for (auto weights : {std::vector<std::uint32_t>(10, 1), {1, 2, 3, 4, 10}}) {
    Servers servers(weights);
    Candidates candidates = servers.candidates();
    auto balancer = consistent_hash();
    double sum = 0;
    for (std::uint32_t weight : weights) sum += weight;
    for (int call = 1; call <= 1000; ++call) {
      // One key in two is the same.
      std::string key = call % 2 == 0 ? "hot" : std::to_string(call);
      std::size_t index = balancer->pick(candidates, with_key(key));
      servers[index].call_started();
      EXPECT_LE(servers[index].pending(), std::ceil(1.25 * call * weights[index] / sum));
    }
  }
}

TEST(ConsistentHash, ComesBackToTheOwnerOfAKeyWhenItHasRoom) {
  Servers servers({1, 1, 1, 1});
  Candidates candidates = servers.candidates();
  auto balancer = consistent_hash();
  std::size_t owner = balancer->pick(candidates, with_key("k"));
  servers[owner].call_started();
  servers[owner].call_started();
  std::size_t other = balancer->pick(candidates, with_key("k"));
  EXPECT_NE(other, owner);
  EXPECT_EQ(balancer->pick(candidates, with_key("k")), other);
  servers[owner].call_ended();
  servers[owner].call_ended();
  EXPECT_EQ(balancer->pick(candidates, with_key("k")), owner);
}

TEST(ConsistentHash, KeepsToTheOwnerWithoutABound) {
  ConsistentHashOptions options;
  options.bound = 0;
  Servers servers({1, 1, 1, 1});
  Candidates candidates = servers.candidates();
  auto balancer = consistent_hash(options);
  std::size_t owner = balancer->pick(candidates, with_key("k"));
  for (int i = 0; i < 100; ++i) servers[owner].call_started();
  EXPECT_EQ(balancer->pick(candidates, with_key("k")), owner);
}

}  // namespace
}  // namespace tern::test
