#include "cluster/call_progress.h"

#include <gtest/gtest.h>

namespace tern {
namespace {

using Left = cluster::CallProgress::Left;
using State = cluster::CallProgress::State;

TEST(CallProgress, EndsOnce) {
  for (bool shared : {false, true}) {
    cluster::CallProgress call;
    EXPECT_TRUE(call.end(shared));
    EXPECT_TRUE(call.ended());
    EXPECT_FALSE(call.end(shared));
  }
}

TEST(CallProgress, SaysNoOnlyIfEachAttemptHasSaidSo) {
  for (bool hedged : {false, true}) {
    for (HandlerRan worst : {HandlerRan::kNo, HandlerRan::kUnknown, HandlerRan::kYes}) {
      cluster::CallProgress call;
      for (HandlerRan ran : {HandlerRan::kNo, worst, HandlerRan::kNo}) {
        ASSERT_TRUE(call.begin(hedged));
        EXPECT_EQ(call.fail(ran, hedged), Left::kCall);
      }
      EXPECT_TRUE(call.end(hedged));
      EXPECT_EQ(call.ran(), worst);
    }
  }
}

TEST(CallProgress, DoesNotKnowOfAnAttemptThatStillRuns) {
  cluster::CallProgress call;
  ASSERT_TRUE(call.begin(true));
  ASSERT_TRUE(call.begin_beside());
  EXPECT_EQ(call.fail(HandlerRan::kNo, true), Left::kOthers);
  EXPECT_TRUE(call.end(true));
  EXPECT_EQ(call.ran(), HandlerRan::kUnknown);
  EXPECT_EQ(call.fail(HandlerRan::kNo, true), Left::kNothing);
  EXPECT_EQ(call.ran(), HandlerRan::kUnknown);
}

TEST(CallProgress, LeavesTheCallToTheLastOfItsAttempts) {
  cluster::CallProgress call;
  ASSERT_TRUE(call.begin(true));
  ASSERT_TRUE(call.begin_beside());
  EXPECT_EQ(call.fail(HandlerRan::kYes, true), Left::kOthers);
  EXPECT_EQ(call.fail(HandlerRan::kNo, true), Left::kCall);
  EXPECT_EQ(call.state(), State::kChoosing);
}

TEST(CallProgress, IsInOneStateAtATime) {
  for (bool hedged : {false, true}) {
    cluster::CallProgress call;
    EXPECT_EQ(call.state(), State::kChoosing);
    call.wait();
    EXPECT_EQ(call.state(), State::kWaiting);
    EXPECT_FALSE(call.begin_beside());
    call.choose();
    EXPECT_EQ(call.state(), State::kChoosing);
    EXPECT_TRUE(call.begin(hedged));
    EXPECT_EQ(call.state(), State::kAttempting);
    EXPECT_EQ(call.fail(HandlerRan::kUnknown, hedged), Left::kCall);
    call.pause();
    EXPECT_EQ(call.state(), State::kPausing);
    EXPECT_TRUE(call.end(hedged));
    EXPECT_EQ(call.state(), State::kEnded);
    EXPECT_EQ(call.ran(), HandlerRan::kUnknown);
  }
}

TEST(CallProgress, LetsNoAttemptBeginBehindTheEndOrBesideNone) {
  cluster::CallProgress call;
  EXPECT_FALSE(call.begin_beside());
  EXPECT_TRUE(call.begin(true));
  EXPECT_TRUE(call.begin_beside());
  EXPECT_TRUE(call.end(true));
  EXPECT_FALSE(call.begin(true));
  EXPECT_FALSE(call.begin_beside());
}

}  // namespace
}  // namespace tern
