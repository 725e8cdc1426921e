#include "net/turn_time.h"

#include <gtest/gtest.h>

namespace tern {
namespace {

using namespace std::chrono_literals;

TEST(TurnTime, IsNowOutsideOfATurn) {
  ManualClock clock;
  Clock::TimePoint before = net::TurnTime::get(clock);
  clock.advance(1s);
  EXPECT_EQ(net::TurnTime::get(clock), before + 1s);
}

TEST(TurnTime, IsWhenItWasFirstAskedFor) {
  ManualClock clock;
  net::TurnTime turn;
  clock.advance(1s);
  Clock::TimePoint first = net::TurnTime::get(clock);
  EXPECT_EQ(first, clock.now());
  clock.advance(1s);
  EXPECT_EQ(net::TurnTime::get(clock), first);
}

TEST(TurnTime, EndsWithItsTurn) {
  ManualClock clock;
  {
    net::TurnTime turn;
    net::TurnTime::get(clock);
  }
  clock.advance(1s);
  EXPECT_EQ(net::TurnTime::get(clock), clock.now());
}

TEST(TurnTime, IsTheInnermost) {
  ManualClock clock;
  net::TurnTime turn;
  Clock::TimePoint outside = net::TurnTime::get(clock);
  clock.advance(1s);
  {
    net::TurnTime inner;
    EXPECT_EQ(net::TurnTime::get(clock), clock.now());
  }
  EXPECT_EQ(net::TurnTime::get(clock), outside);
}

TEST(TurnTime, OfASecondClockIsNow) {
  ManualClock clock;
  ManualClock other;
  net::TurnTime turn;
  net::TurnTime::get(clock);
  net::TurnTime::get(other);
  other.advance(1s);
  EXPECT_EQ(net::TurnTime::get(other), other.now());
}

}  // namespace
}  // namespace tern
