// Whether a client gains by letting replies gather, on servers of several kinds.
#include "call/gathering_trial.h"

#include <gtest/gtest.h>

namespace tern {
namespace {

using namespace std::chrono_literals;

// How long a server takes until the client reads, and how many replies that brings.
struct Turn {
  Clock::Duration takes;
  std::size_t replies;
  std::size_t in_flight = 64;
};
using Server = Turn (*)(bool gathers);

// Each turn costs the processor 40 us, and each reply 20 us.
Turn lacks_time(bool gathers) {
  std::size_t replies = gathers ? 20 : 4;
  return {40us + 20us * replies, replies};
}

// Replies are late by half of what they are held back, and so are the calls that follow them.
Turn waits_for_others(bool gathers) {
  return gathers ? Turn{625us, 16} : Turn{31us, 1};
}

// Calls come at a pace of their own, so those whose replies are held back are more at a time.
Turn is_called_at_an_even_pace(bool gathers) {
  return gathers ? Turn{500us, 10, 24} : Turn{50us, 1, 20};
}

// The server is as quick either way; so is the caller, who makes the next call at each reply.
Turn does_not_mind(bool gathers) {
  return gathers ? Turn{500us, 10} : Turn{50us, 1};
}

// It has written many by the time that the client reads, and would with the client's help.
Turn writes_many_at_once(bool gathers) {
  return gathers ? Turn{400us, 22} : Turn{400us, 20};
}

class GatheringTrialTest : public testing::Test {
 protected:
  // Runs for so long, and tells which part of that time replies were let gather.
  double share(Clock::Duration time, Server server) {
    Clock::Duration gathered{};
    for (Clock::TimePoint end = now_ + time; now_ < end;) {
      Turn turn = server(gathers_);
      now_ += turn.takes;
      if (gathers_) gathered += turn.takes;
      gathers_ = trial_.after(now_, turn.replies, turn.in_flight);
    }
    return static_cast<double>(gathered.count()) / static_cast<double>(time.count());
  }

  GatheringTrial trial_;
  Clock::TimePoint now_{1h};
  bool gathers_ = false;
};

TEST_F(GatheringTrialTest, GathersSoonWhereThatBringsMoreReplies) {
  EXPECT_GT(share(500ms, lacks_time), 0.75);
  EXPECT_GT(share(10s, lacks_time), 0.97);
}

TEST_F(GatheringTrialTest, HardlyEverGathersWhereThatBringsFewer) {
  EXPECT_LT(share(500ms, waits_for_others), 0.25);
  EXPECT_LT(share(10s, waits_for_others), 0.05);
}

TEST_F(GatheringTrialTest, DoesNotGatherWhereThatMakesCallsTakeLonger) {
  EXPECT_LT(share(10s, is_called_at_an_even_pace), 0.05);
}

TEST_F(GatheringTrialTest, GathersWhereNobodyWaitsLongerForIt) {
  EXPECT_GT(share(10s, does_not_mind), 0.95);
}

TEST_F(GatheringTrialTest, DoesNotTryItWhereManyComeAtOnceAnyway) {
  EXPECT_EQ(share(10s, writes_many_at_once), 0);
}

TEST_F(GatheringTrialTest, StopsWhenTheGainIsGone) {
  share(1s, lacks_time);
  EXPECT_LT(share(10s, waits_for_others), 0.2);
}

TEST_F(GatheringTrialTest, BeginsWhenThereIsAGain) {
  share(1s, waits_for_others);
  EXPECT_GT(share(20s, lacks_time), 0.7);
}

TEST_F(GatheringTrialTest, CountsNoPauses) {
  share(1s, lacks_time);
  ASSERT_TRUE(gathers_);
  for (int i = 0; i < 1000; ++i) {
    now_ += 1s;
    gathers_ = trial_.after(now_, 1, 64);
  }
  EXPECT_TRUE(gathers_);
  EXPECT_GT(share(1s, lacks_time), 0.9);
}

}  // namespace
}  // namespace tern
