// When replies are left to gather, and how many.
#include "call/reply_gathering.h"

#include <gtest/gtest.h>

namespace tern {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kReplyBytes = 100;

class ReplyGatheringTest : public testing::Test {
 protected:
  // A turn that comes `later` than the one before and finds so much. The answer in replies.
  std::size_t turn(Clock::Duration later, std::size_t replies, std::size_t younger,
                   std::size_t reply_bytes = kReplyBytes) {
    now_ += later;
    std::size_t bytes = gathering_.after({now_, replies, replies * reply_bytes, younger});
    return bytes / reply_bytes;
  }
  // Many turns of the same kind.
  std::size_t steady(Clock::Duration later, std::size_t replies, std::size_t younger,
                     std::size_t reply_bytes = kReplyBytes) {
    std::size_t answer = 0;
    for (int i = 0; i < 30; ++i) answer = turn(later, replies, younger, reply_bytes);
    return answer;
  }

  call::ReplyGathering gathering_{1ms};
  Clock::TimePoint now_{1h};
};

TEST_F(ReplyGatheringTest, IsOffWithoutATime) {
  EXPECT_FALSE(call::ReplyGathering(0ns).on());
  EXPECT_TRUE(call::ReplyGathering(1us).on());
}

TEST_F(ReplyGatheringTest, WaitsForNoMoreThanHalfOfTheYoungerCalls) {
  std::size_t waits = steady(10us, 1, 64);
  EXPECT_LE(waits, 32u);
  EXPECT_GE(waits, 24u);
}

TEST_F(ReplyGatheringTest, WaitsForWhatComesInMostOfItsTime) {
  std::size_t waits = steady(50us, 1, 1000);
  EXPECT_LE(waits, 15u);
  EXPECT_GE(waits, 10u);
}

TEST_F(ReplyGatheringTest, TakesSlowRepliesAsTheyCome) {
  EXPECT_EQ(steady(200us, 1, 64), 0u);
}

TEST_F(ReplyGatheringTest, TakesRepliesAsTheyComeWithFewCallsBehindThem) {
  EXPECT_EQ(steady(10us, 1, 15), 0u);
}

// A quick call after the other beside many that take long: none is younger.
TEST_F(ReplyGatheringTest, DoesNotHoldBackWhatOvertakesSlowCalls) {
  EXPECT_EQ(steady(10us, 1, 0), 0u);
}

TEST_F(ReplyGatheringTest, TakesLargeRepliesAsTheyCome) {
  EXPECT_EQ(steady(10us, 1, 64, 8192), 0u);
}

TEST_F(ReplyGatheringTest, LeavesTurnsAloneThatFindEnough) {
  EXPECT_EQ(steady(320us, 32, 64), 0u);
}

// The processor was busy with something else for a while.
TEST_F(ReplyGatheringTest, WaitsForFewerAfterAGapAndNotForNone) {
  steady(10us, 1, 64);
  EXPECT_GT(turn(50ms, 8, 64), 0u);
}

TEST_F(ReplyGatheringTest, GoesOnWhenItHasWorked) {
  std::size_t waits = steady(10us, 1, 64);
  EXPECT_EQ(steady(10us * waits, waits, 64), waits);
}

TEST_F(ReplyGatheringTest, WaitsForEverLessAsABurstOfCallsEnds) {
  std::size_t waits = steady(10us, 1, 64);
  for (std::size_t left = 64 - waits; left > 0; left -= waits) {
    waits = turn(10us * waits, waits, left);
    EXPECT_LE(waits, left / 2);
    if (waits == 0) break;
  }
  EXPECT_EQ(turn(10us, 1, 8), 0u);
}

TEST_F(ReplyGatheringTest, LooksAtThePaceBeforeItWaitsAgainAfterAPause) {
  ASSERT_GT(steady(10us, 1, 64), 0u);
  EXPECT_EQ(turn(1h, 1, 64), 0u);
  EXPECT_EQ(turn(10us, 1, 64), 0u);
}

}  // namespace
}  // namespace tern
