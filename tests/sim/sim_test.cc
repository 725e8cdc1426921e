// Five hundred seeds, each a small world in which everything goes wrong that can.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "sim/world.h"

namespace tern::sim {
namespace {

std::string lines(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += text + "\n";
  return all;
}

// A part of the seeds a test, so that they run in parallel.
class Simulation : public testing::TestWithParam<std::uint64_t> {};

TEST_P(Simulation, KeepsEveryPromiseUnderFaults) {
  for (std::uint64_t seed = GetParam(); seed < GetParam() + 50; ++seed) {
    Plan plan;
    plan.seed = seed;
    Outcome outcome = simulate(plan);
    EXPECT_TRUE(outcome.violations.empty()) << "tern_sim --seed " << seed << "\n"
                                            << lines(outcome.violations);
  }
}
INSTANTIATE_TEST_SUITE_P(Seeds, Simulation, testing::Range<std::uint64_t>(1, 501, 50));

TEST(SimulationTrace, IsTheSameForTheSameSeed) {
  for (std::uint64_t seed : {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}) {
    Plan plan;
    plan.seed = seed;
    Outcome first = simulate(plan);
    Outcome second = simulate(plan);
    EXPECT_EQ(first.hash, second.hash) << "tern_sim --seed " << seed;
    EXPECT_EQ(first.steps, second.steps);
  }
}

TEST(SimulationTrace, IsAnotherForAnotherSeed) {
  Plan plan;
  plan.seed = 1;
  std::uint64_t one = simulate(plan).hash;
  plan.seed = 2;
  EXPECT_NE(simulate(plan).hash, one);
}

TEST(SimulationFaults, OfEveryKindHappen) {
  FaultCounts faults{};
  for (std::uint64_t seed = 1; seed <= 80; ++seed) {
    Plan plan;
    plan.seed = seed;
    Outcome outcome = simulate(plan);
    for (std::size_t i = 0; i < faults.size(); ++i) faults[i] += outcome.faults[i];
  }
  for (std::size_t i = 0; i < faults.size(); ++i) {
    EXPECT_GT(faults[i], 0u) << fault_name(static_cast<Fault>(i));
  }
}

}  // namespace
}  // namespace tern::sim
