#include "http2/flood_guard.h"

#include <gtest/gtest.h>

#include <chrono>

namespace tern::http2 {
namespace {

using namespace std::chrono_literals;

class FloodGuardTest : public testing::Test {
 protected:
  FloodGuardTest() { guard.set_time(now); }
  void pass(Clock::Duration time) { guard.set_time(now += time); }
  // How many frames that carry nothing it takes.
  int takes() {
    int count = 0;
    for (; !guard.flooded(); ++count) guard.note_frame();
    return count - 1;
  }

  Clock::TimePoint now{1h};
  FloodGuard guard;
};

TEST_F(FloodGuardTest, TakesTenThousandAtOnce) {
  EXPECT_EQ(takes(), 10'000);
}

TEST_F(FloodGuardTest, TakesAThousandASecondForEver) {
  for (int second = 0; second < 100'000; ++second) {
    for (int i = 0; i < 1000; ++i) guard.note_frame();
    pass(1s);
  }
  EXPECT_FALSE(guard.flooded());
}

TEST_F(FloodGuardTest, HasAnEndToMoreThanThat) {
  int second = 0;
  for (; !guard.flooded() && second < 100; ++second) {
    for (int i = 0; i < 2000; ++i) guard.note_frame();
    pass(1s);
  }
  EXPECT_EQ(second, 10);
}

TEST_F(FloodGuardTest, CountsTimeThatPassesInSmallSteps) {
  for (int i = 0; i < 9'000; ++i) guard.note_frame();
  for (int step = 0; step < 10'000; ++step) pass(100us);
  EXPECT_EQ(takes(), 2000);
}

TEST_F(FloodGuardTest, HasNoEndToAPeerThatIsSentMuch) {
  for (int frame = 0; frame < 100'000; ++frame) {
    guard.note_sent();
    guard.note_frame();
    guard.note_frame();
  }
  EXPECT_FALSE(guard.flooded());
}

TEST_F(FloodGuardTest, TakesLittleThatCostsMuch) {
  for (int i = 0; i < 10; ++i) guard.note_long_head();
  EXPECT_FALSE(guard.flooded());
  guard.note_long_head();
  EXPECT_TRUE(guard.flooded());
  pass(1h);
  EXPECT_TRUE(guard.flooded());
}

TEST_F(FloodGuardTest, TakesAPingEachTenSecondsForEver) {
  for (int i = 0; i < 100'000; ++i) {
    guard.note_frame();
    guard.note_ping();
    pass(10s);
  }
  EXPECT_FALSE(guard.too_many_pings());
  EXPECT_FALSE(guard.flooded());
}

TEST_F(FloodGuardTest, FindsTheThirdPingTooManyThatComesTooSoon) {
  guard.note_ping();
  for (int i = 0; i < 2; ++i) {
    pass(8s);
    guard.note_ping();
  }
  EXPECT_FALSE(guard.too_many_pings());
  pass(8s);
  guard.note_ping();
  EXPECT_TRUE(guard.too_many_pings());
}

// With them clients measure how long the way is.
TEST_F(FloodGuardTest, TakesPingsBehindWhatWasSent) {
  for (int i = 0; i < 1000; ++i) {
    guard.note_sent();
    guard.note_ping();
  }
  EXPECT_FALSE(guard.too_many_pings());
}

}  // namespace
}  // namespace tern::http2
