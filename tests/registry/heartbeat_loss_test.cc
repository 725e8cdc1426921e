// Half of what a server says to the registry gets lost, and it stays listed: for a day, on the
// default times.
#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <utility>

#include "registry/registry_town.h"

namespace tern::test {
namespace {

class HeartbeatLoss : public RegistryTown, public testing::WithParamInterface<Fate> {
 protected:
  // True if every call in that time has been answered.
  bool a_day_of_calls() {
    bool answered = true;
    for (int i = 0; i < 24 * 60; ++i) {
      pass(std::chrono::minutes(1));
      answered = call() && answered;
    }
    return answered;
  }
};

TEST_P(HeartbeatLoss, OfEverySecondOneChangesNoList) {
  bool lost = true;
  fate_ = [&] {
    lost = !lost;
    return lost ? GetParam() : Fate::kArrives;
  };
  start();
  EXPECT_TRUE(a_day_of_calls());
  EXPECT_EQ(list_changes(), 0u);
  EXPECT_EQ(connections(), 1u);
  EXPECT_EQ(heartbeats_lost(), heartbeats() / 2);
}

TEST_P(HeartbeatLoss, OfHalfOfThemByChanceChangesNoList) {
  std::mt19937 random(2026);
  std::bernoulli_distribution half(0.5);
  std::uniform_real_distribution<double> jitter(0, 1);
  options_.random = [&] { return jitter(random); };
  bool first = true;
  fate_ = [&] {
    if (std::exchange(first, false)) return Fate::kArrives;
    return half(random) ? GetParam() : Fate::kArrives;
  };
  start();
  EXPECT_TRUE(a_day_of_calls());
  EXPECT_EQ(list_changes(), 0u);
  EXPECT_EQ(connections(), 1u);
  EXPECT_GE(heartbeats_lost(), heartbeats() * 2 / 5);
}

// No server that the registry knows is heard for longer than an entry lasts.
class FleetPause : public RegistryTown {
 protected:
  bool heard_ = true;
};

TEST_F(FleetPause, LeavesClientsTheServersThatTheyKnew) {
  fate_ = [this] { return heard_ ? Fate::kArrives : Fate::kIsLost; };
  start();
  pass(std::chrono::minutes(10));  // the registry is warm
  heard_ = false;
  bool answered = true;
  bool listed = true;
  for (int i = 0; i < 7; ++i) {
    pass(std::chrono::minutes(1));
    answered = call() && answered;
    listed = is_listed();
  }
  EXPECT_FALSE(listed) << "the pause was too short";
  heard_ = true;
  for (int i = 0; i < 10; ++i) {
    pass(std::chrono::minutes(1));
    answered = call() && answered;
  }
  EXPECT_TRUE(is_listed());
  EXPECT_TRUE(answered);
  EXPECT_EQ(list_changes(), 0u);
  EXPECT_EQ(connections(), 1u);
}

TEST_F(FleetPause, ThatDoesNotEndIsBelievedAtLast) {
  fate_ = [this] { return heard_ ? Fate::kArrives : Fate::kIsLost; };
  start();
  pass(std::chrono::minutes(10));
  heard_ = false;
  // An entry lasts 5 minutes, and what was known before another 5.
  pass(std::chrono::minutes(12));
  EXPECT_EQ(list_changes(), 1u);
  EXPECT_FALSE(call());
}

INSTANTIATE_TEST_SUITE_P(Ways, HeartbeatLoss,
                         testing::Values(Fate::kIsLost, Fate::kBreaks, Fate::kAnswerIsLost),
                         [](const auto& way) { return name_of(way.param); });

}  // namespace
}  // namespace tern::test
