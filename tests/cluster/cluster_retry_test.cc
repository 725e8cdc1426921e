// What a cluster does about failures: other attempts, hedged calls, servers that are put out, and
// servers that go away.
#include <gmock/gmock.h>

#include <memory>
#include <stdexcept>
#include <vector>

#include "cluster/cluster_fixture.h"

namespace tern::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Reply<std::int64_t> unavailable(ServerContext&, arith::Args) {
  return Status(Code::kUnavailable, "overloaded");
}

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

class ClusterOutliers : public ClusterTest {
 protected:
  ClusterOutliers() { options.retry.max_attempts = 1; }
};

TEST_F(ClusterOutliers, ArePutOutAfterFiveFailuresInARow) {
  list({"a", "b"});
  server("a").handler = unavailable;
  EXPECT_EQ(multiply_times(10), 5);
  EXPECT_EQ(stats_of("a").state, "ejected");
  EXPECT_EQ(multiply_times(10), 0);
  EXPECT_EQ(server("a").calls, 5);
}

TEST_F(ClusterOutliers, CountOnlyFailuresInARow) {
  list({"a"});
  int call = 0;
  server("a").handler = [&](ServerContext&, arith::Args) -> Reply<std::int64_t> {
    if (++call % 5 == 0) return 1;
    return Status(Code::kUnavailable, "now and then");
  };
  multiply_times(40);
  EXPECT_EQ(cluster().stats().ejections, 0u);
}

TEST_F(ClusterOutliers, AreNotThoseWhoseHandlersSayNo) {
  list({"a", "b"});
  server("a").handler = [](ServerContext&, arith::Args) -> Reply<std::int64_t> {
    return Status(Code::kInvalidArgument, "no");
  };
  multiply_times(40);
  EXPECT_EQ(cluster().stats().ejections, 0u);
}

TEST_F(ClusterOutliers, ComeBackAfterThirtySecondsWhenTheyAnswer) {
  list({"a", "b"});
  server("a").handler = unavailable;
  multiply_times(10);
  server("a").handler = nullptr;
  loop.advance(30s - 1ns);
  EXPECT_EQ(stats_of("a").state, "ejected");
  loop.advance(1ns);
  EXPECT_EQ(stats_of("a").state, "ready");
  EXPECT_EQ(multiply_times(4), 0);
  EXPECT_EQ(server("a").calls, 7);
}

TEST_F(ClusterOutliers, StayOutLongerEachTime) {
  list({"a", "b"});
  server("a").handler = unavailable;
  multiply_times(10);
  loop.advance(30s);
  multiply_times(10);
  EXPECT_EQ(stats_of("a").state, "ejected");
  loop.advance(60s - 1ns);
  EXPECT_EQ(stats_of("a").state, "ejected");
  loop.advance(1ns);
  EXPECT_EQ(stats_of("a").state, "ready");
}

TEST_F(ClusterOutliers, StayOutWhileTheirCheckFails) {
  Status health(Code::kUnavailable, "not yet");
  options.outliers.check = [&](Channel&, std::function<void(Status)> done) { done(health); };
  list({"a", "b"});
  server("a").handler = unavailable;
  multiply_times(10);
  loop.advance(30s);
  EXPECT_EQ(stats_of("a").state, "ejected");
  health = Status();
  loop.advance(30s);
  EXPECT_EQ(stats_of("a").state, "ready");
}

TEST_F(ClusterOutliers, StayOutWhenTheirCheckThrows) {
  bool throws = true;
  options.outliers.check = [&](Channel&, const std::function<void(Status)>& done) {
    if (throws) throw std::runtime_error("no idea");
    done(Status());
  };
  list({"a", "b"});
  server("a").handler = unavailable;
  multiply_times(10);
  loop.advance(30s);
  EXPECT_EQ(stats_of("a").state, "ejected");
  throws = false;
  loop.advance(30s);
  EXPECT_EQ(stats_of("a").state, "ready");
}

TEST_F(ClusterOutliers, AreCheckedThroughAChannelToThem) {
  options.outliers.check = [](Channel& channel, std::function<void(Status)> done) {
    arith::ArithStub(channel).Divide({4, 2}).then(
        [done](Result<arith::Quotient> answer) { done(answer.status()); });
  };
  list({"a", "b"});
  server("a").handler = unavailable;
  multiply_times(10);
  int before = server("a").calls;
  loop.advance(30s);
  EXPECT_EQ(stats_of("a").state, "ready");
  EXPECT_EQ(server("a").calls, before + 1);
}

TEST_F(ClusterOutliers, StayOutWhenTheirCheckIsNotAnsweredInTime) {
  options.outliers.check = [](Channel&, const std::function<void(Status)>&) {};
  list({"a", "b"});
  server("a").handler = unavailable;
  multiply_times(10);
  loop.advance(30s);
  loop.advance(5s);
  EXPECT_EQ(stats_of("a").state, "ejected");
}

TEST_F(ClusterOutliers, LeaveTheirConnectionToAnotherServer) {
  options.max_connections = 1;
  list({"a", "b"});
  server("a").handler = unavailable;
  EXPECT_EQ(multiply_times(5), 5);
  EXPECT_EQ(stats_of("a").state, "ejected");
  EXPECT_EQ(multiply_times(5), 0);
  EXPECT_EQ(server("b").calls, 5);
}

TEST_F(ClusterOutliers, AreNotThoseThatGoAway) {
  list({"a", "b"});
  options.balancer = least_pending([] { return 0.0; });
  multiply_times(2);
  std::vector<EndedPtr> all;
  for (int i = 0; i < 40; ++i) {
    Call<std::int64_t> call = stub().Multiply({6, 7});
    all.push_back(watch(call));
  }
  drain("a");
  loop.settle();
  EXPECT_EQ(cluster().stats().ejections, 0u);
}

TEST_F(ClusterOutliers, AreNeverMoreThanHalf) {
  list({"a", "b", "c"});
  server("a").handler = unavailable;
  server("b").handler = unavailable;
  multiply_times(60);
  EXPECT_EQ(cluster().stats().ejections, 1u);
}

TEST_F(ClusterOutliers, AreCalledAgainWhenMoreThanHalfIsOut) {
  list({"a", "b", "c"});
  server("a").handler = unavailable;
  multiply_times(15);
  EXPECT_EQ(stats_of("a").state, "ejected");
  server("a").handler = nullptr;
  kill("b");
  kill("c");
  // They are found out by the calls that are meant for them.
  EXPECT_EQ(multiply_times(10), 0);
  EXPECT_GE(server("a").calls, 10);
}

// A server whose answers nobody can read, beside one that is as it should be.
class ClusterOfGarbage : public ClusterTest {
 protected:
  class GarbageDialer final : public Dialer {
   public:
    explicit GarbageDialer(std::shared_ptr<TownDialer> others) : others_(std::move(others)) {}
    std::unique_ptr<Attempt> dial(Loop& on, const Endpoint& endpoint,
                                  std::chrono::nanoseconds timeout, Done done) override {
      if (endpoint.host != "garbage") return others_->dial(on, endpoint, timeout, std::move(done));
      MemoryLink& link = *links.emplace_back(std::make_unique<MemoryLink>());
      on.post([stream = link.left().open(on, "garbage"), done = std::move(done)]() mutable {
        done(std::move(stream));
      });
      return std::make_unique<Attempt>();
    }
    // Answers every request.
    bool answer() {
      bool answered = false;
      for (auto& link : links) {
        if (link->right().take_received().empty()) continue;
        link->right().send("]");
        answered = true;
      }
      return answered;
    }
    std::vector<std::unique_ptr<MemoryLink>> links;

   private:
    std::shared_ptr<TownDialer> others_;
  };

  void list_both() {
    list({"good"});
    Instance garbage(*parse_endpoint("jsonrpc2+tcp@garbage:1"));
    servers->update({instance("good"), garbage});
    loop.settle();
  }

  std::shared_ptr<GarbageDialer> dialer = std::make_shared<GarbageDialer>(town);
};

TEST_F(ClusterOfGarbage, LosesNoIdempotentCallAndPutsTheServerOut) {
  options.client.dialer = dialer;
  cluster();
  list_both();
  int failed = 0;
  int answered = 0;
  for (int i = 0; i < 200; ++i) {
    EndedPtr ended = multiply();
    while (dialer->answer()) {
      ++answered;
      loop.settle();
    }
    // A retry waits a little.
    while (!ended->done()) loop.advance(10ms);
    if (!ended->ok()) ++failed;
  }
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(cluster().stats().ejections, 1u);
  EXPECT_GE(answered, 5);
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
