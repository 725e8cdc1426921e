// What a seed says of a run's faults.
#include "chaos/plan.h"

#include <gtest/gtest.h>

namespace tern::chaos {
namespace {

using namespace std::chrono_literals;

PlanOptions options(std::uint64_t seed, std::chrono::milliseconds length) {
  PlanOptions made;
  made.seed = seed;
  made.length = length;
  made.servers = 4;
  made.clients = 3;
  for (std::size_t i = 0; i < kFaults; ++i) made.faults.push_back(static_cast<Fault>(i));
  return made;
}

bool is_of_a_server(Fault fault) {
  return fault == Fault::kServerKilled || fault == Fault::kServerDrained ||
         fault == Fault::kServerStopped || fault == Fault::kServerStarved ||
         fault == Fault::kAllDrained;
}

TEST(PlanTest, IsTheSameForTheSameSeedAlone) {
  EXPECT_EQ(make_plan(options(7, 1min)), make_plan(options(7, 1min)));
  EXPECT_NE(make_plan(options(7, 1min)), make_plan(options(8, 1min)));
}

TEST(PlanTest, HasEveryKindOfFaultInEightMinutes) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    FaultCounts counts{};
    for (const PlannedFault& one : make_plan(options(seed, 8min))) {
      ++counts[static_cast<std::size_t>(one.fault)];
    }
    for (std::size_t i = 0; i < kFaults; ++i) {
      EXPECT_GT(counts[i], 0u) << "seed " << seed << ": " << fault_name(static_cast<Fault>(i));
    }
  }
}

// The seed and the time of chaos_test.
TEST(PlanTest, HasEveryKindOfFaultInTheRunOfTheTest) {
  FaultCounts counts{};
  for (const PlannedFault& one : make_plan(options(1, 45s))) {
    ++counts[static_cast<std::size_t>(one.fault)];
  }
  for (std::size_t i = 0; i < kFaults; ++i) {
    EXPECT_GT(counts[i], 0u) << fault_name(static_cast<Fault>(i));
  }
}

TEST(PlanTest, HasOnlyFaultsThatCanBeHad) {
  PlanOptions some = options(3, 2min);
  some.faults = {Fault::kSlowLink};
  EXPECT_FALSE(make_plan(some).empty());
  for (const PlannedFault& one : make_plan(some)) EXPECT_EQ(one.fault, Fault::kSlowLink);
  some.faults.clear();
  EXPECT_TRUE(make_plan(some).empty());
}

TEST(PlanTest, IsTheSameButForAFaultThatCannotBeHad) {
  std::vector<PlannedFault> all = make_plan(options(3, 2min));
  std::erase_if(all, [](const PlannedFault& one) { return one.fault == Fault::kServerKilled; });
  PlanOptions some = options(3, 2min);
  std::erase(some.faults, Fault::kServerKilled);
  EXPECT_EQ(make_plan(some), all);
}

TEST(PlanTest, HasHealedWhenTheTimeIsOver) {
  for (const PlannedFault& one : make_plan(options(1, 1min))) {
    EXPECT_LE(one.from, one.to);
    EXPECT_LE(one.to, 1min);
  }
}

TEST(PlanTest, HasOneFaultOfAServerAtATime) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::vector<PlannedFault> plan = make_plan(options(seed, 4min));
    for (std::size_t i = 0; i < plan.size(); ++i) {
      for (std::size_t j = i + 1; j < plan.size(); ++j) {
        const bool one_is_of_all =
            plan[i].fault == Fault::kAllDrained || plan[j].fault == Fault::kAllDrained;
        if (!is_of_a_server(plan[i].fault) || !is_of_a_server(plan[j].fault)) continue;
        if (plan[i].server != plan[j].server && !one_is_of_all) continue;
        EXPECT_LT(plan[i].to, plan[j].from) << "seed " << seed;
      }
    }
  }
}

}  // namespace
}  // namespace tern::chaos
