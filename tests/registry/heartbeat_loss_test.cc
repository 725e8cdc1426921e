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

INSTANTIATE_TEST_SUITE_P(Ways, HeartbeatLoss,
                         testing::Values(Fate::kIsLost, Fate::kBreaks, Fate::kAnswerIsLost),
                         [](const auto& way) { return name_of(way.param); });

}  // namespace
}  // namespace tern::test
