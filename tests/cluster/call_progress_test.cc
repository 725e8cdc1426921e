#include "cluster/call_progress.h"

#include <gtest/gtest.h>

namespace tern {
namespace {

using Left = CallProgress::Left;

TEST(CallProgress, EndsOnce) {
  for (bool shared : {false, true}) {
    CallProgress call;
    EXPECT_TRUE(call.end(shared));
    EXPECT_TRUE(call.ended());
    EXPECT_FALSE(call.end(shared));
  }
}

TEST(CallProgress, SaysNoOnlyIfEachAttemptHasSaidSo) {
  for (bool hedged : {false, true}) {
    for (HandlerRan worst : {HandlerRan::kNo, HandlerRan::kUnknown, HandlerRan::kYes}) {
      CallProgress call;
      for (HandlerRan ran : {HandlerRan::kNo, worst, HandlerRan::kNo}) {
        if (hedged) {
          ASSERT_TRUE(call.begin(false));
        }
        EXPECT_EQ(call.fail(ran, hedged), Left::kCall);
      }
      EXPECT_TRUE(call.end(hedged));
      EXPECT_EQ(call.ran(), worst);
    }
  }
}

TEST(CallProgress, DoesNotKnowOfAnAttemptThatStillRuns) {
  CallProgress call;
  ASSERT_TRUE(call.begin(false));
  ASSERT_TRUE(call.begin(true));
  EXPECT_EQ(call.fail(HandlerRan::kNo, true), Left::kOthers);
  EXPECT_TRUE(call.end(true));
  EXPECT_EQ(call.ran(), HandlerRan::kUnknown);
  EXPECT_EQ(call.fail(HandlerRan::kNo, true), Left::kNothing);
  EXPECT_EQ(call.ran(), HandlerRan::kUnknown);
}

TEST(CallProgress, LeavesTheCallToTheLastOfItsAttempts) {
  CallProgress call;
  ASSERT_TRUE(call.begin(false));
  ASSERT_TRUE(call.begin(true));
  EXPECT_EQ(call.fail(HandlerRan::kYes, true), Left::kOthers);
  EXPECT_EQ(call.fail(HandlerRan::kNo, true), Left::kCall);
  EXPECT_FALSE(call.runs());
}

TEST(CallProgress, LetsNoAttemptBeginBehindTheEndOrBesideNone) {
  CallProgress call;
  EXPECT_FALSE(call.begin(true));
  EXPECT_TRUE(call.begin(false));
  EXPECT_TRUE(call.begin(true));
  EXPECT_TRUE(call.end(true));
  EXPECT_FALSE(call.begin(false));
  EXPECT_FALSE(call.begin(true));
}

}  // namespace
}  // namespace tern
