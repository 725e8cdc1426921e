// What a cluster does for a call whose server fails, is late or goes away: another attempt, or a
// hedged one.
#include <gmock/gmock.h>

#include <memory>
#include <vector>

#include "cluster/cluster_fixture.h"

namespace tern::test {
namespace {

using ::testing::HasSubstr;

class ClusterRetries : public ClusterTest {};

TEST_F(ClusterRetries, SendAnIdempotentCallToAnotherServer) {
  list({"a", "b"});
  server("a").handler = unavailable;
  EXPECT_EQ(multiply_times(4), 0);
  EXPECT_EQ(cluster().stats().retries, 2u);
}

TEST_F(ClusterRetries, SendACallThatAnOverloadedServerRefusesToAnother) {
  AdaptiveConcurrency& limit = server_options.adaptive_concurrency;
  limit.enabled = true;
  limit.lowest = limit.initial = limit.highest = 1;
  limit.always_of_each_method = 0;
  list({"a", "b"});
  auto gate = std::make_shared<Gate>();
  server("a").gate = gate;
  std::vector<std::shared_ptr<Ended<arith::Quotient>>> ended;
  for (int i = 0; i < 6; ++i) ended.push_back(divide());
  EXPECT_EQ(server("a").calls, 1);
  EXPECT_EQ(server("b").calls, 5);
  gate->open();
  loop.settle();
  for (const auto& one : ended) EXPECT_TRUE(one->ok()) << one->message();
  EXPECT_EQ(cluster().stats().ejections, 0u);
}

TEST_F(ClusterRetries, LeaveACallAloneThatMayHaveRun) {
  list({"a", "b"});
  divide();
  divide();
  server("a").gate = std::make_shared<Gate>();
  auto ended = divide();
  kill("a");
  EXPECT_EQ(ended->code(), Code::kUnavailable);
  EXPECT_EQ(ended->result->status().handler_ran(), HandlerRan::kUnknown);
  EXPECT_EQ(cluster().stats().retries, 0u);
}

TEST_F(ClusterRetries, SendACallAgainWhoseConnectionIsLostIfItIsIdempotent) {
  list({"a", "b"});
  multiply_times(2);
  server("a").gate = std::make_shared<Gate>();
  EndedPtr ended = multiply();
  kill("a");
  EXPECT_TRUE(ended->ok()) << ended->message();
  EXPECT_EQ(cluster().stats().retries, 1u);
}

TEST_F(ClusterRetries, DoNotRepeatWhatTheHandlerHasDecided) {
  list({"a", "b"});
  server("a").handler = [](ServerContext&, arith::Args) -> Reply<std::int64_t> {
    return Status(Code::kNotFound, "no such number");
  };
  EndedPtr ended = multiply();
  EXPECT_EQ(ended->code(), Code::kNotFound);
  EXPECT_EQ(ended->message(), "no such number");
  EXPECT_EQ(cluster().stats().attempts, 1u);
}

TEST_F(ClusterRetries, FailAfterSoManyAttempts) {
  list({"a", "b", "c", "d"});
  for (const char* name : {"a", "b", "c", "d"}) server(name).handler = unavailable;
  EndedPtr ended = multiply();
  EXPECT_EQ(ended->code(), Code::kUnavailable);
  EXPECT_EQ(cluster().stats().attempts, 3u);
}

TEST_F(ClusterRetries, WaitBeforeTheyGoToTheSameServerAgain) {
  list({"a"});
  server("a").handler = unavailable;
  EndedPtr ended = multiply();
  EXPECT_FALSE(ended->done());
  EXPECT_EQ(server("a").calls, 1);
  loop.advance(25ms);
  EXPECT_EQ(server("a").calls, 2);
  loop.advance(40ms);
  EXPECT_EQ(server("a").calls, 3);
  EXPECT_EQ(ended->code(), Code::kUnavailable);
}

TEST_F(ClusterRetries, EndWithTheDeadline) {
  list({"a"});
  server("a").handler = unavailable;
  EndedPtr ended = multiply(within(20ms));
  loop.advance(20ms);
  EXPECT_EQ(ended->code(), Code::kDeadlineExceeded);
  EXPECT_EQ(server("a").calls, 1);
  EXPECT_EQ(ended->ends, 1);
}

TEST_F(ClusterRetries, KeepToTheirBudget) {
  options.outliers.consecutive_failures = 0;
  list({"a", "b"});
  server("a").handler = unavailable;
  int failed = multiply_times(1000);
  ClusterStats stats = cluster().stats();
  // A fifth of the calls, and ten for the one second.
  EXPECT_LE(stats.attempts, 1210u);
  EXPECT_GE(stats.attempts, 1209u);
  EXPECT_EQ(stats.over_budget, static_cast<std::uint64_t>(failed));
}

TEST_F(ClusterRetries, CanBeSwitchedOff) {
  options.retry.max_attempts = 1;
  list({"a", "b"});
  server("a").handler = unavailable;
  EXPECT_EQ(multiply_times(4), 2);
}

TEST_F(ClusterRetries, SwitchedOffTakeBackWhatNeverLeft) {
  options.retry.max_attempts = 1;
  list({"a", "b"});
  multiply_times(2);
  EndedPtr ended;
  {
    arith::Args args(6, 7);
    Call<std::int64_t> call = stub().Multiply(args);
    args = arith::Args(0, 0);
    ended = watch(call);
  }
  kill("a");
  loop.settle();
  ASSERT_TRUE(ended->ok()) << ended->message();
  EXPECT_EQ(**ended->result, 42);
  EXPECT_EQ(cluster().stats().retries, 1u);
}

TEST_F(ClusterRetries, CarryTheArgumentAndMetadataOfTheFirstAttempt) {
  list({"a", "b"});
  server("a").handler = unavailable;
  std::string seen;
  server("b").handler = [&](ServerContext& context, arith::Args args) -> Reply<std::int64_t> {
    seen = std::string(context.metadata().get("who"));
    return args.A + args.B;
  };
  CallOptions call;
  call.metadata.add("who", "me");
  EndedPtr ended = multiply(call);
  ASSERT_TRUE(ended->ok());
  EXPECT_EQ(**ended->result, 13);
  EXPECT_EQ(seen, "me");
}

TEST_F(ClusterRetries, CarryTheArgumentInOtherCodecsToo) {
  options.client.codec = "application/x-tern+json";
  list({"a", "b"});
  server("a").handler = unavailable;
  EndedPtr ended = multiply();
  ASSERT_TRUE(ended->ok()) << ended->message();
  EXPECT_EQ(**ended->result, 42);
  EXPECT_EQ(cluster().stats().retries, 1u);
}

TEST_F(ClusterRetries, ThatFindNoServerSayThatTheFirstAttemptMayHaveRun) {
  list({"a", "b"});
  multiply_times(2);
  server("a").gate = std::make_shared<Gate>();
  EndedPtr ended = multiply();
  kill("b");
  kill("a");
  loop.advance(25ms);
  loop.advance(1s);
  EXPECT_EQ(ended->code(), Code::kUnavailable);
  EXPECT_EQ(ended->result->status().handler_ran(), HandlerRan::kUnknown);
  EXPECT_THAT(ended->message(), HasSubstr("failed after 1 attempt: none of 2 servers"));
}

TEST_F(ClusterRetries, ThatAreCancelledSayThatTheFirstAttemptHasRun) {
  list({"a"});
  server("a").handler = unavailable;
  Call<std::int64_t> call = stub().Multiply({6, 7});
  EndedPtr ended = watch(call);
  loop.settle();
  call.cancel();
  loop.settle();
  EXPECT_EQ(ended->code(), Code::kCancelled);
  EXPECT_EQ(ended->result->status().handler_ran(), HandlerRan::kYes);
}

TEST_F(ClusterRetries, ThatFailSayThatTheFirstAttemptHasRun) {
  list({"a"});
  server("a").handler = unavailable;
  EndedPtr ended = multiply();
  cluster().close();
  loop.settle();
  EXPECT_EQ(ended->code(), Code::kCancelled);
  EXPECT_EQ(ended->result->status().handler_ran(), HandlerRan::kYes);
  EXPECT_EQ(ended->message(),
            "arith.Arith/Multiply on arith: failed after 1 attempt: the cluster is closed");
}

class ClusterHedges : public ClusterTest {
 protected:
  ClusterHedges() { options.hedge.after = 50ms; }
};

TEST_F(ClusterHedges, AskAnotherServerWhenTheFirstIsLate) {
  list({"a", "b"});
  multiply_times(2);
  server("a").gate = std::make_shared<Gate>();
  EndedPtr ended = multiply();
  loop.advance(49ms);
  EXPECT_FALSE(ended->done());
  loop.advance(1ms);
  ASSERT_TRUE(ended->ok()) << ended->message();
  EXPECT_EQ(**ended->result, 42);
  EXPECT_EQ(cluster().stats().hedges, 1u);
  EXPECT_EQ(server("a").gate->cancelled(), 1);
}

TEST_F(ClusterHedges, AreNotMadeWhenTheAnswerComesInTime) {
  list({"a", "b"});
  multiply_times(4);
  loop.advance(1s);
  EXPECT_EQ(cluster().stats().hedges, 0u);
  EXPECT_EQ(cluster().stats().attempts, 4u);
}

TEST_F(ClusterHedges, AreForIdempotentMethodsOnly) {
  list({"a", "b"});
  divide();
  divide();
  server("a").gate = std::make_shared<Gate>();
  auto ended = divide();
  loop.advance(1s);
  EXPECT_FALSE(ended->done());
  EXPECT_EQ(cluster().stats().hedges, 0u);
}

TEST_F(ClusterHedges, WaitForTheOtherWhenOneFails) {
  list({"a", "b"});
  multiply_times(2);
  server("a").gate = std::make_shared<Gate>();
  server("b").handler = [](ServerContext&, arith::Args) -> Reply<std::int64_t> {
    return Status(Code::kNotFound, "not here");
  };
  EndedPtr ended = multiply();
  loop.advance(50ms);
  EXPECT_FALSE(ended->done());
  server("a").gate->open();
  loop.settle();
  EXPECT_TRUE(ended->ok()) << ended->message();
}

TEST_F(ClusterHedges, LeaveTheDeadlineOfACallThatWaits) {
  options.hedge.after = 3s;
  options.connect_wait = 10s;
  list({"a"});
  server("a").network = TownServer::Network::kSilent;
  CallOptions call = wait_for_ready();
  call.timeout = 500ms;
  EndedPtr ended = multiply(call);
  loop.advance(499ms);
  EXPECT_FALSE(ended->done());
  loop.advance(1ms);
  EXPECT_EQ(ended->code(), Code::kDeadlineExceeded);
}

TEST_F(ClusterHedges, LeaveThePauseOfACallThatIsSentAgain) {
  options.hedge.after = 10ms;
  list({"a"});
  multiply();
  server("a").handler = unavailable;
  EndedPtr ended = multiply();
  server("a").handler = nullptr;
  loop.advance(24ms);
  EXPECT_FALSE(ended->done());
  loop.advance(1ms);
  EXPECT_TRUE(ended->ok()) << ended->message();
}

TEST_F(ClusterHedges, AreMadeForACallThatHasWaitedForAConnection) {
  list({"a", "b"});
  multiply_times(2);
  kill("a");
  kill("b");
  EndedPtr ended = multiply(wait_for_ready());
  loop.advance(60ms);
  bring_back("a");
  bring_back("b");
  server("a").gate = std::make_shared<Gate>();
  server("b").gate = server("a").gate;
  loop.advance(1s);
  EXPECT_EQ(server("a").gate->waiting(), 1);
  loop.advance(49ms);
  EXPECT_EQ(server("a").gate->waiting(), 1);
  loop.advance(1ms);
  EXPECT_EQ(server("a").gate->waiting(), 2);
  EXPECT_EQ(cluster().stats().hedges, 1u);
}

TEST_F(ClusterHedges, AreMadeForACallThatWasSentAgain) {
  options.hedge.max_attempts = 5;
  list({"a", "b"});
  multiply_times(2);
  server("a").handler = unavailable;
  server("b").handler = unavailable;
  EndedPtr ended = multiply();
  server("a").gate = std::make_shared<Gate>();
  server("b").gate = server("a").gate;
  loop.advance(25ms);
  EXPECT_EQ(server("a").gate->waiting(), 1);
  loop.advance(50ms);
  EXPECT_EQ(server("a").gate->waiting(), 2);
}

class ClusterDrains : public ClusterTest {};

TEST_F(ClusterDrains, LoseNoCallThatRuns) {
  list({"a", "b"});
  divide();
  divide();
  server("a").gate = std::make_shared<Gate>();
  auto running = divide();
  std::thread opens;
  loop.loop().post([&] { server("a").gate->open(); });
  drain("a");
  EXPECT_TRUE(running->ok()) << running->message();
}

TEST_F(ClusterDrains, SendCallsElsewhereThatTheServerDoesNotTakeAnyMore) {
  list({"a", "b"});
  divide();
  divide();
  drain("a");
  server("b").calls = 0;
  for (int i = 0; i < 10; ++i) {
    auto ended = divide();
    EXPECT_TRUE(ended->ok()) << ended->message();
  }
  EXPECT_EQ(server("b").calls, 10);
}

TEST_F(ClusterDrains, LoseNoneOfManyCallsWhoeverGoes) {
  list({"a", "b", "c"});
  multiply_times(3);
  std::vector<std::shared_ptr<Ended<arith::Quotient>>> all;
  auto burst = [&] {
    for (int i = 0; i < 100; ++i) {
      Call<arith::Quotient> call = stub().Divide({7, 2});
      all.push_back(watch(call));
    }
  };
  burst();
  drain("b");
  burst();
  drain("c");
  burst();
  loop.settle();
  for (const auto& ended : all) EXPECT_TRUE(ended->ok()) << ended->message();
}

}  // namespace
}  // namespace tern::test
