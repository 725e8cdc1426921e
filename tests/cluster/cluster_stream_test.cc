// Streams of a cluster: where they go, what they count for, and when they are tried again.
#include <gmock/gmock.h>

#include <memory>
#include <vector>

#include "cluster/stream_town.h"
#include "tern/interceptor.h"

namespace tern::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Status overloaded() {
  return Status(Code::kUnavailable, "overloaded");
}

class ClusterStreams : public StreamTown {
 protected:
  std::shared_ptr<Watching> tail() { return reading(feed().Tail(feed::Since())); }
  std::shared_ptr<Watching> list_all() { return reading(feed().List(feed::Since())); }

 private:
  std::shared_ptr<Watching> reading(ServerStream<feed::Change> stream) {
    auto watching = std::make_shared<Watching>(std::move(stream));
    watching->read_all();
    loop.settle();
    return watching;
  }
};

TEST_F(ClusterStreams, GoToServersInTurnAndBringTheirMessages) {
  list({"a", "b"});
  publish(2);
  auto first = tail();
  auto second = tail();
  publish();
  EXPECT_THAT(first->got(), ElementsAre(1, 2, 3));
  EXPECT_THAT(second->got(), ElementsAre(1, 2, 3));
  EXPECT_EQ(streams("a").asked.size(), 1u);
  EXPECT_EQ(streams("b").asked.size(), 1u);
}

// The outcome comes with the messages, before they are read.
TEST_F(ClusterStreams, SayThatAMessageCannotBeReadWhateverTheirOutcomeSays) {
  list({"a"});
  publish(2);
  const Method& method = streams("a").methods()[2];
  EXPECT_EQ(method.name, "List");
  const feed::Since since;
  ServerStream<bool> stream = open_server_stream<bool>(cluster(), method, &since, CallOptions());
  loop.settle();
  streams("a").finish(Status());
  loop.settle();
  bool got = false;
  EXPECT_FALSE(stream.try_read(got));
  EXPECT_EQ(stream.status().code(), Code::kInternal) << stream.status().to_string();
  EXPECT_THAT(stream.status().message(), HasSubstr("a message of the stream cannot be read"));
  EXPECT_FALSE(stream.try_read(got));
}

TEST_F(ClusterStreams, EndAsTheServerEndsThem) {
  list({"a"});
  publish();
  auto good = tail();
  streams("a").finish(Status());
  loop.settle();
  EXPECT_TRUE(good->ended());
  EXPECT_TRUE(good->status().ok()) << good->status().to_string();
  auto bad = tail();
  streams("a").finish(Status(Code::kNotFound, "no such feed"));
  loop.settle();
  EXPECT_EQ(bad->status().code(), Code::kNotFound);
  EXPECT_EQ(bad->status().message(), "no such feed");
  EXPECT_THAT(bad->got(), ElementsAre(1));
}

TEST_F(ClusterStreams, OfCallersWriteAndHaveAResult) {
  list({"a"});
  auto upload = feed().Upload();
  feed::Change change;
  EXPECT_FALSE(upload.try_write(change));  // there is no connection yet
  int written = 0;
  upload.then(change, [&](bool done) { written += done ? 1 : 0; });
  loop.settle();
  EXPECT_EQ(written, 1);
  EXPECT_TRUE(upload.try_write(change));
  auto total = std::make_shared<Ended<feed::Total>>();
  upload.finish_then([total](Result<feed::Total> result) {
    ++total->ends;
    total->result.emplace(std::move(result));
  });
  loop.settle();
  ASSERT_TRUE(total->ok()) << total->message();
  EXPECT_EQ((*total->result)->messages, 2);
}

TEST_F(ClusterStreams, ThatAreClosedBeforeThereIsAServerHaveTheirResult) {
  auto upload = feed().Upload(wait_for_ready());
  auto total = std::make_shared<Ended<feed::Total>>();
  upload.finish_then([total](Result<feed::Total> result) {
    ++total->ends;
    total->result.emplace(std::move(result));
  });
  loop.settle();
  EXPECT_FALSE(total->done());
  list({"a"});
  ASSERT_TRUE(total->ok()) << total->message();
  EXPECT_EQ((*total->result)->messages, 0);
}

TEST_F(ClusterStreams, CarryMessagesInBothDirections) {
  list({"a"});
  auto chat = feed().Chat();
  feed::Change said;
  said.position = 7;
  bool wrote = false;
  chat.write_then(said, [&](bool done) { wrote = done; });
  loop.settle();
  EXPECT_TRUE(wrote);
  feed::Change heard;
  EXPECT_TRUE(chat.try_read(heard));
  EXPECT_EQ(heard.position, 7);
  chat.end_writing();
  loop.settle();
  EXPECT_FALSE(chat.try_read(heard));
  EXPECT_TRUE(chat.status().ok()) << chat.status().to_string();
  EXPECT_EQ(cluster().stats().calls_pending, 0u);
}

// --- Attempts ---

TEST_F(ClusterStreams, OfIdempotentMethodsGoToAnotherServerBeforeTheirFirstMessage) {
  list({"a", "b"});
  publish();
  streams("a").refusal = overloaded();
  auto listing = list_all();
  EXPECT_THAT(listing->got(), ElementsAre(1));
  EXPECT_EQ(cluster().stats().retries, 1u);
}

TEST_F(ClusterStreams, OfOtherMethodsDoNotIfTheHandlerHasRun) {
  list({"a", "b"});
  streams("a").refusal = overloaded();
  auto tailing = tail();
  EXPECT_EQ(tailing->status().code(), Code::kUnavailable);
  EXPECT_THAT(streams("b").asked, IsEmpty());
}

TEST_F(ClusterStreams, AreNotRetriedOnceAMessageHasCome) {
  list({"a", "b"});
  publish();
  auto listing = list_all();
  kill("a");
  EXPECT_EQ(listing->status().code(), Code::kUnavailable);
  EXPECT_TRUE(listing->ended());
  EXPECT_THAT(listing->got(), ElementsAre(1));
  EXPECT_THAT(streams("b").asked, IsEmpty());
}

TEST_F(ClusterStreams, AreNotHedged) {
  options.hedge.after = 10ms;
  list({"a", "b"});
  auto listing = list_all();
  loop.advance(1s);
  EXPECT_EQ(cluster().stats().attempts, 1u);
  publish();
  EXPECT_THAT(listing->got(), ElementsAre(1));
}

TEST_F(ClusterStreams, WaitForAServerIfTheyAreToldTo) {
  list({"a"});
  server("a").network = TownServer::Network::kRefuses;
  publish();
  auto watching = watch(wait_for_ready());
  loop.advance(5s);
  EXPECT_FALSE(watching->ended());
  bring_back("a");
  loop.advance(10s);
  EXPECT_THAT(watching->got(), ElementsAre(1));
}

TEST_F(ClusterStreams, FailWithoutAServer) {
  list({"a"});
  server("a").network = TownServer::Network::kRefuses;
  auto watching = watch();
  loop.advance(2s);
  EXPECT_TRUE(watching->ended());
  EXPECT_EQ(watching->status().code(), Code::kUnavailable);
}

TEST_F(ClusterStreams, EndWithTheirDeadlineWhileTheyWait) {
  list({"a"});
  server("a").network = TownServer::Network::kRefuses;
  CallOptions patient = wait_for_ready();
  patient.timeout = 3s;
  auto watching = watch(patient);
  loop.advance(3s);
  EXPECT_TRUE(watching->ended());
  EXPECT_EQ(watching->status().code(), Code::kDeadlineExceeded);
  EXPECT_EQ(cluster().stats().calls_pending, 0u);
}

TEST_F(ClusterStreams, EndWithTheirDeadlineWhileTheyAreOpen) {
  list({"a"});
  auto watching = watch(within(3s));
  loop.advance(3s);
  EXPECT_TRUE(watching->ended());
  EXPECT_EQ(watching->status().code(), Code::kDeadlineExceeded);
}

TEST_F(ClusterStreams, AreCancelledWhileTheyWait) {
  list({"a"});
  server("a").network = TownServer::Network::kRefuses;
  auto watching = watch(wait_for_ready());
  watching->stream().cancel();
  loop.settle();
  EXPECT_TRUE(watching->ended());
  EXPECT_EQ(watching->status().code(), Code::kCancelled);
  EXPECT_EQ(cluster().stats().calls_pending, 0u);
}

TEST_F(ClusterStreams, AreCancelledWhileTheyAreOpen) {
  list({"a"});
  publish();
  auto watching = watch();
  watching->stream().cancel();
  loop.settle();
  EXPECT_TRUE(watching->ended());
  EXPECT_EQ(watching->status().code(), Code::kCancelled);
  EXPECT_EQ(stats_of("a").pending, 0u);
  EXPECT_EQ(server("a").server->stats().streams_open, 0u);
}

TEST_F(ClusterStreams, ThatAreCancelledDoNotDenyTheirHandlers) {
  list({"a"});
  auto watching = tail();
  ASSERT_EQ(streams("a").asked.size(), 1u);
  watching->stream().cancel();
  loop.settle();
  EXPECT_EQ(watching->status().handler_ran(), HandlerRan::kUnknown);
  auto upload = feed().Upload();
  auto total = std::make_shared<Ended<feed::Total>>();
  upload.finish_then([total](Result<feed::Total> result) {
    ++total->ends;
    total->result.emplace(std::move(result));
  });
  upload.cancel();
  loop.settle();
  ASSERT_EQ(total->ends, 1);
  EXPECT_EQ(total->result->status().handler_ran(), HandlerRan::kUnknown);
}

TEST_F(ClusterStreams, ThatAreDroppedAreCancelled) {
  list({"a"});
  {
    auto dropped = feed().Tail(feed::Since());
    loop.settle();
    EXPECT_EQ(stats_of("a").pending, 1u);
  }
  loop.settle();
  EXPECT_EQ(stats_of("a").pending, 0u);
  EXPECT_EQ(server("a").server->stats().streams_open, 0u);
}

TEST_F(ClusterStreams, EndWithTheCluster) {
  list({"a"});
  auto watching = watch();
  cluster().close();
  loop.settle();
  EXPECT_TRUE(watching->ended());
  EXPECT_EQ(watching->status().code(), Code::kCancelled);
}

TEST_F(ClusterStreams, WithTwoReadsAtATimeEnd) {
  list({"a"});
  auto watching = watch();
  feed::Change other;
  bool told = false;
  watching->stream().then(other, [&](bool) { told = true; });
  loop.settle();
  EXPECT_TRUE(told);
  EXPECT_TRUE(watching->ended());
  EXPECT_EQ(watching->status().code(), Code::kFailedPrecondition);
}

// --- What they count for ---

TEST_F(ClusterStreams, CountAsPendingCallsAsLongAsTheyAreOpen) {
  options.balancer = least_pending([] { return 0.0; });
  list({"a", "b"});
  auto first = tail();
  const std::string busy = stats_of("a").pending == 1 ? "a" : "b";
  const std::string idle = busy == "a" ? "b" : "a";
  multiply_times(5);
  EXPECT_EQ(server(busy).calls, 0);
  EXPECT_EQ(server(idle).calls, 5);
  streams(busy).finish(Status());
  loop.settle();
  EXPECT_EQ(stats_of(busy).pending, 0u);
}

TEST_F(ClusterStreams, CountForTheLimitOfEachServer) {
  options.max_calls_per_server = 1;
  list({"a", "b"});
  auto first = tail();
  auto second = tail();
  auto third = tail();
  EXPECT_FALSE(first->ended());
  EXPECT_FALSE(second->ended());
  EXPECT_EQ(third->status().code(), Code::kResourceExhausted);
}

TEST_F(ClusterStreams, CountForTheLimitOfTheCluster) {
  options.max_calls = 1;
  list({"a", "b"});
  auto first = tail();
  auto second = tail();
  EXPECT_FALSE(first->ended());
  EXPECT_EQ(second->status().code(), Code::kResourceExhausted);
}

TEST_F(ClusterStreams, ThatFailCountAgainstTheirServer) {
  list({"a"});
  streams("a").refusal = Status(Code::kInternal, "broken");
  tail();
  EXPECT_EQ(stats_of("a").failures, 1u);
}

TEST_F(ClusterStreams, ThatADrainingServerEndsDoNotCountAgainstIt) {
  list({"a"});
  publish();
  auto tailing = tail();
  begin_drain("a", 2s);
  publish();
  EXPECT_THAT(tailing->got(), ElementsAre(1, 2));
  loop.advance(2s);
  EXPECT_TRUE(tailing->ended());
  EXPECT_EQ(tailing->status().code(), Code::kUnavailable);
  EXPECT_THAT(std::string(tailing->status().message()), HasSubstr("drained"));
  EXPECT_EQ(stats_of("a").failures, 0u);
}

class CountingInterceptor final : public Interceptor {
 public:
  Status on_start(InterceptedCall&) override {
    ++starts;
    return {};
  }
  void on_finish(InterceptedCall&, const Status& outcome) noexcept override {
    ++ends;
    code = outcome.code();
  }
  int starts = 0;
  int ends = 0;
  Code code = Code::kOk;
};

TEST_F(ClusterStreams, HaveTheClustersInterceptorsAroundAllAndTheClientsAroundEachAttempt) {
  auto around = std::make_shared<CountingInterceptor>();
  auto each = std::make_shared<CountingInterceptor>();
  options.interceptors = {around};
  options.client.interceptors = {each};
  list({"a", "b"});
  publish();
  auto watching = watch();
  kill("a");
  publish();
  EXPECT_THAT(watching->got(), ElementsAre(1, 2));
  EXPECT_EQ(around->starts, 1);
  EXPECT_EQ(around->ends, 0);
  EXPECT_EQ(each->starts, 2);
  EXPECT_EQ(each->ends, 1);
  watching->stream().cancel();
  loop.settle();
  EXPECT_EQ(around->ends, 1);
  EXPECT_EQ(around->code, Code::kCancelled);
}

}  // namespace
}  // namespace tern::test
