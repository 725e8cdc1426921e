// The limit that a server finds by itself.
#include "serve/adaptive_limit.h"

#include <gtest/gtest.h>

#include <string_view>

#include "serve/simulated_service.h"

namespace tern::test {
namespace {

using Seen = SimulatedService::Seen;

// Two workers of 5 ms a call can do so many a second.
constexpr double kPeak = 400;

AdaptiveConcurrency found_by_itself() {
  return {};
}

AdaptiveConcurrency fixed_at(std::size_t calls) {
  AdaptiveConcurrency options;
  options.initial = options.lowest = options.highest = calls;
  return options;
}

SimulatedService two_workers(double calls_a_second,
                             const AdaptiveConcurrency& options = found_by_itself()) {
  return SimulatedService(options, 2, {{calls_a_second, 0.005, true}});
}

// --- One call more or less ---

class AtTheLimit : public ::testing::Test {
 protected:
  bool try_begin(std::size_t method = 0) { return limit_.try_begin(method, now_); }
  void end(std::size_t method = 0) {
    now_ += std::chrono::milliseconds(1);
    limit_.end(method, now_, serve::AdaptiveLimit::Ran::kHandler);
  }

  Clock::TimePoint now_{std::chrono::hours(1)};
  serve::AdaptiveLimit limit_{fixed_at(3), 2, now_};
};

TEST_F(AtTheLimit, ThreeCallsRunAndTheFourthIsRefused) {
  EXPECT_TRUE(try_begin());
  EXPECT_TRUE(try_begin());
  EXPECT_TRUE(try_begin());
  EXPECT_FALSE(try_begin());
  EXPECT_EQ(limit_.running(), 3u);
}

TEST_F(AtTheLimit, OneMoreRunsForEachThatEnds) {
  for (int i = 0; i < 3; ++i) try_begin();
  for (int i = 0; i < 1000; ++i) {
    EXPECT_FALSE(try_begin());
    end();
    EXPECT_TRUE(try_begin());
  }
  EXPECT_EQ(limit_.running(), 3u);
}

TEST_F(AtTheLimit, TwoOfEachMethodRunAllTheSame) {
  for (int i = 0; i < 3; ++i) try_begin(0);
  EXPECT_TRUE(try_begin(1));
  EXPECT_TRUE(try_begin(1));
  EXPECT_FALSE(try_begin(1));
  end(1);
  EXPECT_FALSE(try_begin(0));
  EXPECT_TRUE(try_begin(1));
}

TEST(AdaptiveLimitOptions, MustBeInOrder) {
  AdaptiveConcurrency options;
  EXPECT_EQ(std::string_view(serve::AdaptiveLimit::problem_with(options)), "");
  options.lowest = 65;
  EXPECT_EQ(std::string_view(serve::AdaptiveLimit::problem_with(options)),
            "initial is less than lowest");
  options.initial = 8193;
  EXPECT_EQ(std::string_view(serve::AdaptiveLimit::problem_with(options)),
            "highest is less than initial");
  options.lowest = 0;
  EXPECT_EQ(std::string_view(serve::AdaptiveLimit::problem_with(options)),
            "lowest is 0, so that no call would run");
}

// --- Overload ---

TEST(AdaptiveLimit, KeepsTheGoodputAtThreeTimesTheCapacity) {
  SimulatedService service = two_workers(3 * kPeak);
  EXPECT_GE(service.run(2).goodput(), 0.8 * kPeak);  // nothing is known at first
  Seen seen = service.run(60);
  EXPECT_GE(seen.goodput(), 0.97 * kPeak);
  EXPECT_LE(seen.longest, 0.05);
}

TEST(AdaptiveLimit, KeepsItForTenMinutes) {
  SimulatedService service = two_workers(3 * kPeak);
  service.run(540);
  Seen seen = service.run(60);
  EXPECT_GE(seen.goodput(), 0.97 * kPeak);
  EXPECT_LE(seen.longest, 0.05);
}

// What would happen otherwise: the simulation can fail.
TEST(AFixedLimit, LetsNoCallEndInTimeAtThreeTimesTheCapacity) {
  SimulatedService service = two_workers(3 * kPeak, fixed_at(1024));
  service.run(2);
  EXPECT_EQ(service.run(60).in_time, 0u);
}

TEST(AdaptiveLimit, LetsAllCallsRunTwoSecondsAfterAnOverload) {
  SimulatedService service = two_workers(0.5 * kPeak);
  service.run(10);
  service.method().calls_a_second = 3 * kPeak;
  service.run(30);
  service.method().calls_a_second = 0.5 * kPeak;
  service.run(2);
  Seen seen = service.run(10);
  EXPECT_EQ(seen.refused, 0u);
  EXPECT_GE(seen.goodput(), 0.9 * 0.5 * kPeak);
  EXPECT_LE(seen.longest, 0.05);
}

TEST(AdaptiveLimit, HoldsManyWorkersBusyToo) {
  SimulatedService service(found_by_itself(), 50, {{3 * 10'000, 0.005, true}});
  service.run(2);
  Seen seen = service.run(10);
  EXPECT_GE(seen.goodput(), 0.95 * 10'000);
  EXPECT_LE(seen.longest, 0.02);
}

TEST(AdaptiveLimit, BearsAServiceThatBecomesFourTimesSlowerInTheOverload) {
  SimulatedService service = two_workers(3 * kPeak);
  service.run(30);
  service.method().seconds *= 4;
  service.run(2);
  Seen seen = service.run(30);
  EXPECT_GE(seen.goodput(), 0.95 * kPeak / 4);
  EXPECT_LE(seen.longest, 0.2);
}

TEST(AdaptiveLimit, BearsAServiceThatBecomesFourTimesFasterInTheOverload) {
  SimulatedService service = two_workers(3 * kPeak / 4);
  service.method().seconds *= 4;
  service.run(30);
  service.method() = {3 * kPeak, 0.005, true};
  service.run(2);
  EXPECT_GE(service.run(30).goodput(), 0.95 * kPeak);
}

TEST(AdaptiveLimit, RefusesNothingWhenOnlyTheServiceBecomesSlower) {
  SimulatedService service = two_workers(0.1 * kPeak);
  service.run(10);
  service.method().seconds *= 4;
  EXPECT_EQ(service.run(60).refused, 0u);
}

// --- No overload ---

TEST(AdaptiveLimit, IsAsItWasAfterADayOfLittleToDo) {
  SimulatedService service = two_workers(1);
  Seen seen = service.run(24 * 3600);
  EXPECT_EQ(seen.refused, 0u);
  EXPECT_EQ(service.limit().limit(), found_by_itself().initial);
}

TEST(AdaptiveLimit, StaysAsItIsWhileItIsNotReached) {
  SimulatedService service = two_workers(0.5 * kPeak);
  EXPECT_EQ(service.run(600).refused, 0u);
  EXPECT_EQ(service.limit().limit(), found_by_itself().initial);
}

TEST(AdaptiveLimit, RisesForCallsThatWaitForSomethingElseThanWorkers) {
  // 1,000 of them run at a time.
  SimulatedService service(found_by_itself(), 2, {{5000, 0.2, false}});
  service.run(10);
  EXPECT_EQ(service.run(60).refused, 0u);
}

TEST(AdaptiveLimit, RisesForSlowCallsBesideFastOnes) {
  SimulatedService service(found_by_itself(), 2, {{1000, 0.2, false}, {1000, 0.001, true}});
  service.run(5);
  EXPECT_LE(service.run(60).refused, 2 * 60'000 / 500);
}

TEST(AdaptiveLimit, DoesNotTakeAChangeOfTheMixForAnOverload) {
  // Nine of ten calls are fast, and then one of ten is.
  SimulatedService service(found_by_itself(), 2, {{100, 0.2, false}, {900, 0.001, true}});
  service.run(60);
  service.method(0).calls_a_second = 900;
  service.method(1).calls_a_second = 100;
  service.run(10);
  EXPECT_EQ(service.run(60).refused, 0u);
}

TEST(AdaptiveLimit, LeavesRoomBesideAMethodWhoseCallsHang) {
  AdaptiveConcurrency options;
  options.highest = 64;
  SimulatedService service(options, 2, {{100, 0.005, false}, {100, 0.005, true}});
  service.run(10);
  service.method(0).seconds = 3600;
  service.run(10);
  std::vector<Seen> seen = service.run_each(60);
  EXPECT_EQ(seen[0].ended, 0u);
  EXPECT_GE(seen[1].goodput(), 0.85 * 100);
}

TEST(AdaptiveLimit, SharesAnOverloadAmongMethods) {
  SimulatedService service(found_by_itself(), 2,
                           {{400, 0.005, true}, {400, 0.005, true}, {400, 0.005, true}});
  service.run(2);
  for (const Seen& seen : service.run_each(60)) {
    EXPECT_GE(seen.goodput(), 0.9 * kPeak / 3);
    EXPECT_LE(seen.longest, 0.1);
  }
}

}  // namespace
}  // namespace tern::test
