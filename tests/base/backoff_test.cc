// The waits between attempts to connect, to the nanosecond.
#include "base/backoff.h"

#include <gtest/gtest.h>

namespace tern {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, GrowsByItsFactorUpToItsCap) {
  base::BackoffSchedule schedule(Backoff(), [] { return 0.5; });
  for (std::chrono::nanoseconds expected :
       {1'000'000'000ns, 1'600'000'000ns, 2'560'000'000ns, 4'096'000'000ns, 6'553'600'000ns,
        10'485'760'000ns, 16'777'216'000ns, 26'843'545'600ns, 42'949'672'960ns, 68'719'476'736ns,
        109'951'162'778ns, 120'000'000'000ns, 120'000'000'000ns}) {
    EXPECT_EQ(schedule.next(), expected);
  }
}

TEST(Backoff, StaysAtItsCapForEver) {
  base::BackoffSchedule schedule(Backoff(), [] { return 0.5; });
  for (int i = 0; i < 100'000; ++i) schedule.next();
  EXPECT_EQ(schedule.next(), 120s);
}

TEST(Backoff, IsSpreadByItsJitter) {
  base::BackoffSchedule shortest(Backoff(), [] { return 0.0; });
  EXPECT_EQ(shortest.next(), 800ms);
  EXPECT_EQ(shortest.next(), 1280ms);
  base::BackoffSchedule longest(Backoff(), [] { return 1.0; });
  EXPECT_EQ(longest.next(), 1200ms);
}

TEST(Backoff, IsSpreadAtItsCapToo) {
  for (double random : {0.0, 1.0}) {
    base::BackoffSchedule schedule(Backoff(), [random] { return random; });
    for (int i = 0; i < 20; ++i) schedule.next();
    EXPECT_EQ(schedule.next(), random == 0.0 ? 96s : 144s);
  }
}

TEST(Backoff, BeginsAnewAfterASuccess) {
  base::BackoffSchedule schedule(Backoff(), [] { return 0.5; });
  schedule.next();
  schedule.next();
  schedule.reset();
  EXPECT_EQ(schedule.next(), 1s);
}

TEST(Backoff, HasARandomSourceOfItsOwn) {
  base::BackoffSchedule schedule(Backoff(), nullptr);
  std::chrono::nanoseconds wait = schedule.next();
  EXPECT_GE(wait, 800ms);
  EXPECT_LE(wait, 1200ms);
}

TEST(Backoff, BearsOddSettings) {
  Backoff odd;
  odd.initial = 0ns;
  EXPECT_EQ(base::BackoffSchedule(odd, [] { return 0.5; }).next(), 0ns);
  odd.initial = std::chrono::nanoseconds::max();
  odd.max = std::chrono::nanoseconds::max();
  EXPECT_GT(base::BackoffSchedule(odd, [] { return 1.0; }).next(), 24h);
  odd.jitter = 5;
  EXPECT_EQ(base::BackoffSchedule(odd, [] { return 0.0; }).next(), 0ns);
}

}  // namespace
}  // namespace tern
