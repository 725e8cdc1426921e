// Streams of a cluster that are opened again where they had stopped.
#include <gmock/gmock.h>

#include <memory>
#include <vector>

#include "cluster/stream_town.h"

namespace tern::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ClusterResume : public StreamTown {
 protected:
  static CallOptions moving() {
    CallOptions call;
    call.stream_on_drain = StreamOnDrain::kMove;
    return call;
  }
};

TEST_F(ClusterResume, GoesOnWithAnotherServerBehindTheLastMessage) {
  list({"a", "b"});
  publish(3);
  auto watching = watch();
  kill("a");
  publish(2);
  EXPECT_THAT(watching->got(), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(streams("a").asked, ElementsAre(0));
  EXPECT_THAT(streams("b").asked, ElementsAre(3));
  EXPECT_FALSE(watching->ended());
}

TEST_F(ClusterResume, SendsTheOriginalRequestWhereNoMessageHasCome) {
  list({"a", "b"});
  publish(2);
  auto watching = watch(CallOptions(), 2);
  kill("a");
  publish();
  EXPECT_THAT(streams("b").asked, ElementsAre(2));
  EXPECT_THAT(watching->got(), ElementsAre(3));
}

TEST_F(ClusterResume, DropsWhatHasComeBefore) {
  list({"a", "b"});
  streams("b").repeats = 2;
  publish(3);
  auto watching = watch();
  kill("a");
  EXPECT_THAT(watching->got(), ElementsAre(1, 2, 3));
  publish();
  EXPECT_THAT(watching->got(), ElementsAre(1, 2, 3, 4));
}

TEST_F(ClusterResume, BeginsWhenTheProgramHasTakenWhatHadCome) {
  list({"a", "b"});
  publish(2);
  Watching watching(feed().Watch(feed::Since()));
  loop.settle();
  kill("a");
  publish();
  EXPECT_THAT(streams("b").asked, IsEmpty());
  EXPECT_EQ(watching.take(), 1);
  EXPECT_EQ(watching.take(), 2);
  EXPECT_EQ(watching.take(), 0);
  loop.settle();
  EXPECT_THAT(streams("b").asked, ElementsAre(2));
  EXPECT_EQ(watching.take(), 3);
}

TEST_F(ClusterResume, IsOverIfTheStreamIsCancelledWhileUnreadMessagesAreThere) {
  list({"a", "b"});
  publish(2);
  Watching watching(feed().Watch(feed::Since()));
  loop.settle();
  kill("a");
  watching.stream().cancel();
  loop.settle();
  EXPECT_EQ(watching.status().code(), Code::kCancelled);
  EXPECT_EQ(cluster().stats().calls_pending, 0u);
  EXPECT_THAT(streams("b").asked, IsEmpty());
}

TEST_F(ClusterResume, KeepsToTheDeadlineWhileUnreadMessagesAreThere) {
  list({"a", "b"});
  publish(2);
  Watching watching(feed().Watch(feed::Since(), within(3s)));
  loop.settle();
  kill("a");
  loop.advance(3s);
  EXPECT_EQ(watching.status().code(), Code::kDeadlineExceeded);
  EXPECT_EQ(watching.take(), 1);
  EXPECT_EQ(watching.take(), 2);
  EXPECT_EQ(watching.take(), 0);
}

TEST_F(ClusterResume, FollowsAHandlerThatIsUnavailable) {
  list({"a", "b"});
  publish();
  auto watching = watch();
  streams("a").finish(Status(Code::kUnavailable, "no leader"));
  loop.settle();
  publish();
  EXPECT_THAT(watching->got(), ElementsAre(1, 2));
}

TEST_F(ClusterResume, FollowsNoOtherEnd) {
  list({"a", "b"});
  publish();
  auto good = watch();
  streams("a").finish(Status());
  loop.settle();
  EXPECT_TRUE(good->ended());
  EXPECT_TRUE(good->status().ok());
  auto bad = watch();
  streams("b").finish(Status(Code::kInternal, "broken"));
  loop.settle();
  EXPECT_EQ(bad->status().code(), Code::kInternal);
}

TEST_F(ClusterResume, EndsWithDataLossIfNoServerCanGoOnFromThere) {
  list({"a", "b"});
  publish(3);
  auto watching = watch();
  log.oldest = 10;
  kill("a");
  EXPECT_TRUE(watching->ended());
  EXPECT_EQ(watching->status().code(), Code::kDataLoss);
  EXPECT_THAT(std::string(watching->status().message()),
              HasSubstr("feed.Feed/Watch on arith: what comes behind position 3 is lost: "
                        "the oldest is 10"));
}

TEST_F(ClusterResume, DoesNotCallItDataLossIfTheProgramHasAskedForTooMuch) {
  list({"a"});
  publish(3);
  log.oldest = 10;
  auto watching = watch(CallOptions(), 3);
  EXPECT_EQ(watching->status().code(), Code::kOutOfRange);
}

TEST_F(ClusterResume, CanBeSwitchedOff) {
  list({"a", "b"});
  publish();
  CallOptions once;
  once.resume = false;
  auto watching = watch(once);
  kill("a");
  EXPECT_TRUE(watching->ended());
  EXPECT_EQ(watching->status().code(), Code::kUnavailable);
  EXPECT_THAT(streams("b").asked, IsEmpty());
}

TEST_F(ClusterResume, WaitsForTheServerIfThereIsNoOther) {
  list({"a"});
  publish();
  auto watching = watch();
  kill("a");
  restart("a");
  publish();
  loop.advance(500ms);
  EXPECT_THAT(watching->got(), ElementsAre(1, 2));
}

TEST_F(ClusterResume, EndsAfterAnOutage) {
  list({"a"});
  publish();
  auto watching = watch();
  kill("a");
  loop.advance(25ms);
  loop.advance(2s);
  EXPECT_TRUE(watching->ended());
  EXPECT_EQ(watching->status().code(), Code::kUnavailable);
}

TEST_F(ClusterResume, OutlastsAnOutageIfItIsToldToWait) {
  list({"a"});
  publish();
  auto watching = watch(wait_for_ready());
  kill("a");
  loop.advance(60s);
  EXPECT_FALSE(watching->ended());
  restart("a");
  publish();
  loop.advance(20s);
  EXPECT_THAT(watching->got(), ElementsAre(1, 2));
}

TEST_F(ClusterResume, GivesUpAfterSoManyAttemptsThatBringNothing) {
  list({"a"});
  streams("a").refusal = Status(Code::kUnavailable, "no leader");
  auto watching = watch();
  EXPECT_FALSE(watching->ended());
  loop.advance(25ms);
  EXPECT_FALSE(watching->ended());
  loop.advance(40ms);
  EXPECT_TRUE(watching->ended());
  EXPECT_EQ(streams("a").asked.size(), 3u);
}

TEST_F(ClusterResume, CountsTheAttemptsAnewBehindEachMessage) {
  list({"a"});
  auto watching = watch();
  for (int i = 1; i <= 10; ++i) {
    publish();
    streams("a").finish(Status(Code::kUnavailable, "no leader"));
    loop.settle();
    loop.advance(25ms);
  }
  publish();
  EXPECT_FALSE(watching->ended()) << watching->status().to_string();
  EXPECT_EQ(watching->got().size(), 11u);
  EXPECT_EQ(streams("a").asked.size(), 11u);
}

// --- A server that leaves ---

TEST_F(ClusterResume, FollowsADrainThatEndsTheStream) {
  list({"a", "b"});
  publish();
  auto watching = watch();
  begin_drain("a", 2s);
  publish();
  EXPECT_THAT(streams("b").asked, IsEmpty());
  loop.advance(2s);
  publish();
  EXPECT_THAT(watching->got(), ElementsAre(1, 2, 3));
  EXPECT_THAT(streams("b").asked, ElementsAre(2));
  EXPECT_EQ(stats_of("a").failures, 0u);
}

TEST_F(ClusterResume, MovesAStreamAtOnceIfItIsToldTo) {
  list({"a", "b"});
  publish();
  auto watching = watch(moving());
  begin_drain("a", 2s);
  EXPECT_THAT(streams("b").asked, ElementsAre(1));
  EXPECT_EQ(stats_of("a").pending, 0u);
  publish();
  EXPECT_THAT(watching->got(), ElementsAre(1, 2));
  EXPECT_EQ(stats_of("a").failures, 0u);
}

TEST_F(ClusterResume, MovesAStreamWhoseServerIsNotListedAnyMore) {
  options.stream_on_drain = StreamOnDrain::kMove;
  list({"a", "b"});
  publish();
  auto watching = watch();
  list({"b"});
  EXPECT_THAT(streams("b").asked, ElementsAre(1));
  publish();
  EXPECT_THAT(watching->got(), ElementsAre(1, 2));
  EXPECT_EQ(server("a").server->stats().streams_open, 0u);
}

TEST_F(ClusterResume, MovesWithThePositionOfWhatTheProgramHasTaken) {
  list({"a", "b"});
  publish(3);
  Watching watching(feed().Watch(feed::Since(), moving()));
  loop.settle();
  EXPECT_EQ(watching.take(), 1);
  begin_drain("a", 2s);
  EXPECT_THAT(streams("b").asked, ElementsAre(1));
  EXPECT_EQ(watching.take(), 2);
  EXPECT_EQ(watching.take(), 3);
  EXPECT_EQ(watching.take(), 0);
}

// What has come and was not taken is dropped with the stream that moves: its end does not count.
TEST_F(ClusterResume, MovesAStreamThatItsServerEndsInTheSameTurn) {
  list({"a", "b"});
  publish(3);
  Watching watching(feed().Watch(feed::Since(), moving()));
  loop.settle();
  EXPECT_EQ(watching.take(), 1);
  streams("a").finish(Status());
  begin_drain("a", 2s);
  EXPECT_THAT(streams("b").asked, ElementsAre(1));
  EXPECT_EQ(watching.take(), 2);
  EXPECT_EQ(watching.take(), 3);
  EXPECT_EQ(watching.take(), 0);
}

TEST_F(ClusterResume, LeavesAStreamThatIsNotToMoveWhereItIs) {
  list({"a", "b"});
  publish();
  auto watching = watch();
  list({"b"});
  publish();
  EXPECT_THAT(watching->got(), ElementsAre(1, 2));
  EXPECT_THAT(streams("b").asked, IsEmpty());
}

}  // namespace
}  // namespace tern::test
