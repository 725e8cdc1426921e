#include "net/turn_time.h"

#include <gtest/gtest.h>

namespace tern {
namespace {

using namespace std::chrono_literals;

TEST(TurnTime, IsNowOutsideOfATurn) {
  ManualClock clock;
  Clock::TimePoint before = TurnTime::get(clock);
  clock.advance(1s);
  EXPECT_EQ(TurnTime::get(clock), before + 1s);
}

TEST(TurnTime, IsWhenItWasFirstAskedFor) {
  ManualClock clock;
  TurnTime turn;
  clock.advance(1s);
  Clock::TimePoint first = TurnTime::get(clock);
  EXPECT_EQ(first, clock.now());
  clock.advance(1s);
  EXPECT_EQ(TurnTime::get(clock), first);
}

TEST(TurnTime, EndsWithItsTurn) {
  ManualClock clock;
  {
    TurnTime turn;
    TurnTime::get(clock);
  }
  clock.advance(1s);
  EXPECT_EQ(TurnTime::get(clock), clock.now());
}

TEST(TurnTime, IsTheInnermost) {
  ManualClock clock;
  TurnTime turn;
  Clock::TimePoint outside = TurnTime::get(clock);
  clock.advance(1s);
  {
    TurnTime inner;
    EXPECT_EQ(TurnTime::get(clock), clock.now());
  }
  EXPECT_EQ(TurnTime::get(clock), outside);
}

TEST(TurnTime, OfASecondClockIsNow) {
  ManualClock clock;
  ManualClock other;
  TurnTime turn;
  TurnTime::get(clock);
  TurnTime::get(other);
  other.advance(1s);
  EXPECT_EQ(TurnTime::get(other), other.now());
}

}  // namespace
}  // namespace tern
