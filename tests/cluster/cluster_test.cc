// Which server a call goes to, and how connections come and go.
#include "tern/cluster.h"

#include <gmock/gmock.h>

#include <functional>
#include <utility>

#include "cluster/cluster_fixture.h"

namespace tern::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST_F(ClusterTest, ChoosesByTheRandomNumbersOfItsOptions) {
  options.balancer = nullptr;  // the default
  options.client.random = [] { return 3 * 0x1p-32; };
  list({"a", "b", "c", "d"});
  EXPECT_TRUE(multiply()->ok());
  EXPECT_THAT(calls(), ElementsAre(0, 0, 0, 1));
  EXPECT_TRUE(multiply()->ok());
  EXPECT_THAT(calls(), ElementsAre(1, 0, 0, 1));
}

TEST_F(ClusterTest, CallsAServerThroughTheStubOfOne) {
  list({"a"});
  EndedPtr ended = multiply();
  ASSERT_TRUE(ended->ok()) << ended->message();
  EXPECT_EQ(**ended->result, 42);
}

TEST_F(ClusterTest, GoesRoundFromTheFirstCallOn) {
  list({"a", "b", "c"});
  EXPECT_EQ(multiply_times(9), 0);
  EXPECT_THAT(calls(), ElementsAre(3, 3, 3));
}

TEST_F(ClusterTest, BeginsWhereTheSourceOfItsClientSays) {
  list({"a", "b", "c"});
  options.balancer = nullptr;
  options.client.random = [] { return 0x5p-32; };
  multiply_times(1);
  EXPECT_THAT(calls(), ElementsAre(0, 0, 1));
}

TEST_F(ClusterTest, GoesRoundAlsoWithCallsThatWaitForTheFirstConnection) {
  list({"a", "b", "c"});
  std::vector<Call<std::int64_t>> started;
  for (int i = 0; i < 9; ++i) started.push_back(stub().Multiply({6, 7}));
  loop.settle();
  EXPECT_THAT(calls(), ElementsAre(3, 3, 3));
}

TEST_F(ClusterTest, ConnectsToAServerWhenACallNeedsIt) {
  list({"a", "b", "c"});
  multiply_times(2);
  EXPECT_EQ(server("a").dials, 1);
  EXPECT_EQ(server("b").dials, 1);
  EXPECT_EQ(server("c").dials, 0);
}

TEST_F(ClusterTest, SharesOneConnectionAServer) {
  list({"a", "b"});
  multiply_times(20);
  EXPECT_EQ(server("a").dials, 1);
  EXPECT_EQ(server("b").dials, 1);
}

TEST_F(ClusterTest, GivesACallToAnotherServerWhenOneRefuses) {
  list({"a", "b", "c"});
  server("a").network = TownServer::Network::kRefuses;
  EXPECT_EQ(multiply_times(6), 0);
  EXPECT_EQ(server("a").calls, 0);
  EXPECT_EQ(server("b").calls + server("c").calls, 6);
}

TEST_F(ClusterTest, IsNotDelayedByAServerThatCannotBeDialled) {
  list({"a", "b"});
  server("a").network = TownServer::Network::kSilent;
  EndedPtr first = multiply();
  EXPECT_FALSE(first->done());
  EndedPtr second = multiply();
  EXPECT_TRUE(second->ok());
  loop.advance(100ms);
  EXPECT_TRUE(first->ok()) << first->message();
  EXPECT_EQ(multiply_times(5), 0);
  EXPECT_EQ(server("b").calls, 7);
}

TEST_F(ClusterTest, TriesAServerAgainInTheBackground) {
  list({"a", "b"});
  server("a").network = TownServer::Network::kRefuses;
  multiply_times(2);
  bring_back("a");
  multiply_times(2);
  EXPECT_EQ(server("a").calls, 0);
  loop.advance(1s);
  EXPECT_EQ(stats_of("a").state, "ready");
  multiply_times(2);
  EXPECT_EQ(server("a").calls, 1);
}

TEST_F(ClusterTest, FailsFastAndSaysWhyWhenNoServerCanBeReached) {
  list({"a", "b"});
  server("a").network = TownServer::Network::kRefuses;
  server("b").network = TownServer::Network::kRefuses;
  EndedPtr ended = multiply();
  ASSERT_TRUE(ended->done());
  EXPECT_EQ(ended->code(), Code::kUnavailable);
  EXPECT_EQ(ended->result->status().handler_ran(), HandlerRan::kNo);
  EXPECT_EQ(ended->message(),
            "arith.Arith/Multiply on arith: not called: none of 2 servers can be reached: connect "
            "to \"tcp@a:1\": Connection refused; connect to \"tcp@b:1\": Connection refused");
}

TEST_F(ClusterTest, WaitsForAServerIfAskedTo) {
  list({"a"});
  server("a").network = TownServer::Network::kRefuses;
  EndedPtr ended = multiply(wait_for_ready());
  EXPECT_FALSE(ended->done());
  bring_back("a");
  loop.advance(1s);
  EXPECT_TRUE(ended->ok()) << ended->message();
}

TEST_F(ClusterTest, WaitsALittleWhenTheLastServerIsLost) {
  list({"a", "b"});
  multiply_times(2);
  kill("a");
  kill("b");
  EndedPtr ended = multiply();
  EXPECT_FALSE(ended->done());
  bring_back("b");
  loop.advance(150ms);
  EXPECT_TRUE(ended->ok()) << ended->message();
}

TEST_F(ClusterTest, WaitsNoLongerThanOutageWaitWhenTheLastServerIsLost) {
  list({"a", "b"});
  multiply_times(2);
  kill("a");
  kill("b");
  EndedPtr first = multiply();  // which is when the cluster finds out
  loop.advance(600ms);
  EndedPtr second = multiply();
  loop.advance(399ms);
  EXPECT_FALSE(first->done());
  EXPECT_FALSE(second->done());
  loop.advance(1ms);
  EXPECT_EQ(first->code(), Code::kUnavailable);
  EXPECT_EQ(second->code(), Code::kUnavailable);
  EXPECT_TRUE(multiply()->done());
}

TEST_F(ClusterTest, WaitsNoLongerThanTheDeadline) {
  list({"a"});
  server("a").network = TownServer::Network::kRefuses;
  CallOptions call = wait_for_ready();
  call.timeout = 500ms;
  EndedPtr ended = multiply(call);
  loop.advance(499ms);
  EXPECT_FALSE(ended->done());
  loop.advance(1ms);
  EXPECT_EQ(ended->code(), Code::kDeadlineExceeded);
  EXPECT_EQ(ended->message(), "arith.Arith/Multiply on arith: no server to call within 500ms");
}

TEST_F(ClusterTest, WaitsForItsServersToBecomeKnown) {
  EndedPtr ended = multiply();
  EXPECT_FALSE(ended->done());
  list({"a"});
  EXPECT_TRUE(ended->ok()) << ended->message();
}

TEST_F(ClusterTest, FailsWhenItsServersCannotBeLookedUp) {
  servers->set_failure(Status(Code::kUnavailable, "registry tcp@r:1: Connection refused"));
  EndedPtr ended = multiply();
  EXPECT_EQ(ended->code(), Code::kUnavailable);
  EXPECT_THAT(ended->message(), HasSubstr("its servers are not known: registry tcp@r:1"));
}

TEST_F(ClusterTest, GoesOnWithWhatItKnowsWhenALookFails) {
  list({"a"});
  multiply();
  servers->set_failure(Status(Code::kUnavailable, "registry gone"));
  loop.settle();
  EXPECT_EQ(multiply_times(3), 0);
}

TEST_F(ClusterTest, SaysThatNoServerIsListed) {
  list({});
  EndedPtr ended = multiply();
  EXPECT_THAT(ended->message(), HasSubstr("no server is listed"));
}

TEST_F(ClusterTest, CallsServersThatCome) {
  list({"a"});
  multiply_times(2);
  list({"a", "b"});
  multiply_times(4);
  EXPECT_THAT(calls(), ElementsAre(4, 2));
}

TEST_F(ClusterTest, DropsTheConnectionOfAServerThatHasLeft) {
  list({"a", "b"});
  multiply_times(4);
  list({"b"});
  EXPECT_TRUE(server("a").links[0]->left().closed());
  EXPECT_EQ(multiply_times(4), 0);
  EXPECT_EQ(server("a").calls, 2);
}

TEST_F(ClusterTest, LetsCallsEndOnAServerThatHasLeft) {
  list({"a", "b"});
  multiply_times(2);
  server("a").gate = std::make_shared<Gate>();
  EndedPtr ended = multiply();
  list({"b"});
  EXPECT_FALSE(ended->done());
  EXPECT_FALSE(server("a").links[0]->left().closed());
  server("a").gate->open();
  loop.settle();
  EXPECT_TRUE(ended->ok()) << ended->message();
  EXPECT_TRUE(server("a").links[0]->left().closed());
}

// Takes its time: what `meanwhile` does happens between the choice and the call.
class SlowBalancer final : public Balancer {
 public:
  std::string_view name() const noexcept override { return "slow"; }
  std::size_t pick(const Candidates& /*candidates*/, const PickRequest& /*request*/) override {
    if (auto now = std::exchange(meanwhile, nullptr)) now();
    return 0;
  }
  std::function<void()> meanwhile;
};

TEST_F(ClusterTest, SendsACallElsewhereWhoseServerHasLeftWhileItWasChosen) {
  auto slow = std::make_shared<SlowBalancer>();
  options.balancer = slow;
  list({"a", "b"});
  EXPECT_EQ(multiply_times(1), 0);
  slow->meanwhile = [&] { list({"b"}); };
  auto ended = divide();
  EXPECT_TRUE(ended->ok()) << ended->message();
  EXPECT_THAT(calls(), ElementsAre(1));
  EXPECT_EQ(cluster().stats().attempts, 2u);
}

TEST_F(ClusterTest, SendsNothingMoreToAServerThatHasLeftAndFinishesItsCalls) {
  auto slow = std::make_shared<SlowBalancer>();
  options.balancer = slow;
  list({"a", "b"});
  multiply_times(1);
  server("a").gate = std::make_shared<Gate>();
  EndedPtr running = multiply();
  slow->meanwhile = [&] { list({"b"}); };
  auto ended = divide();
  EXPECT_TRUE(ended->ok()) << ended->message();
  EXPECT_EQ(server("a").calls, 2);
  server("a").gate->open();
  loop.settle();
  EXPECT_TRUE(running->ok()) << running->message();
  EXPECT_TRUE(server("a").links[0]->left().closed());
}

TEST_F(ClusterTest, ConnectsAnewToAServerThatReturnsWhileItsLastCallsEnd) {
  list({"a"});
  multiply();
  server("a").gate = std::make_shared<Gate>();
  EndedPtr running = multiply();
  list({});
  list({"a"});
  std::shared_ptr<Gate> gate = std::exchange(server("a").gate, nullptr);
  EXPECT_EQ(multiply_times(3), 0);
  EXPECT_EQ(server("a").dials, 2);
  gate->open();
  loop.settle();
  EXPECT_TRUE(running->ok()) << running->message();
  EXPECT_TRUE(server("a").links[0]->left().closed());
  EXPECT_FALSE(server("a").links[1]->left().closed());
}

TEST_F(ClusterTest, FailsTheCallsOfAChannelToAServerThatHasLeft) {
  list({"a", "b"});
  multiply_times(2);
  ServerChannel of_a = cluster().servers().front();
  list({"b"});
  for (const CallOptions& how : {CallOptions(), wait_for_ready()}) {
    Call<std::int64_t> call = arith::ArithStub(*of_a.channel).Multiply({6, 7}, how);
    EndedPtr ended = watch(call);
    loop.settle();
    EXPECT_EQ(ended->code(), Code::kUnavailable);
    EXPECT_THAT(ended->message(), HasSubstr("tcp@a:1 is not listed any more"));
  }
}

TEST_F(ClusterTest, SendsNothingToServersOfWeightZero) {
  list({"a", "b"});
  servers->update({instance("a", 0), instance("b")});
  loop.settle();
  EXPECT_EQ(multiply_times(4), 0);
  EXPECT_THAT(calls(), ElementsAre(0, 4));
  servers->update({instance("a", 0), instance("b", 0)});
  loop.settle();
  EXPECT_THAT(multiply()->message(), HasSubstr("all of 2 listed servers have the weight 0"));
}

TEST_F(ClusterTest, FollowsWeightsThatChange) {
  options.balancer = weighted_round_robin();
  list({"a", "b"});
  EXPECT_EQ(multiply_times(4), 0);
  EXPECT_THAT(calls(), ElementsAre(2, 2));
  servers->update({instance("a", 3), instance("b", 1)});
  loop.settle();
  EXPECT_EQ(multiply_times(8), 0);
  EXPECT_THAT(calls(), ElementsAre(8, 4));
}

TEST_F(ClusterTest, PrefersItsOwnZone) {
  options.zone = "north";
  list({"a", "b", "c"});
  servers->update(
      {instance("a", 1, "north"), instance("b", 1, "south"), instance("c", 1, "north")});
  loop.settle();
  EXPECT_EQ(multiply_times(6), 0);
  EXPECT_THAT(calls(), ElementsAre(3, 0, 3));
}

TEST_F(ClusterTest, LeavesItsZoneWhenTooFewAreLeftThere) {
  options.zone = "north";
  options.zone_share = 0.6;
  list({"a", "b", "c"});
  servers->update(
      {instance("a", 1, "north"), instance("b", 1, "south"), instance("c", 1, "north")});
  loop.settle();
  server("c").network = TownServer::Network::kRefuses;
  EXPECT_EQ(multiply_times(6), 0);
  EXPECT_GT(server("b").calls, 0);
}

TEST_F(ClusterTest, KeepsToItsLimitOfConnections) {
  options.max_connections = 2;
  list({"a", "b", "c", "d"});
  EXPECT_EQ(multiply_times(8), 0);
  EXPECT_EQ(town->dials.size(), 2u);
}

TEST_F(ClusterTest, KeepsToItsLimitOfConnectionsWithManyCallsAtOnce) {
  options.max_connections = 2;
  list({"a", "b", "c", "d"});
  std::vector<EndedPtr> all;
  for (int i = 0; i < 8; ++i) {
    Call<std::int64_t> call = stub().Multiply({6, 7});
    all.push_back(watch(call));
  }
  loop.settle();
  for (const EndedPtr& ended : all) EXPECT_TRUE(ended->ok()) << ended->message();
  EXPECT_EQ(town->dials.size(), 2u);
}

TEST_F(ClusterTest, CountsNoServerAsConnectedThatGetsNoCalls) {
  options.max_connections = 1;
  list({"a", "b"});
  EXPECT_EQ(multiply_times(1), 0);
  servers->update({instance("a", 0), instance("b")});
  loop.settle();
  EXPECT_EQ(multiply_times(2), 0);
  EXPECT_THAT(calls(), ElementsAre(1, 2));
}

TEST_F(ClusterTest, KeepsToItsLimitOfCalls) {
  options.max_calls = 2;
  list({"a"});
  multiply();
  server("a").gate = std::make_shared<Gate>();
  EndedPtr first = multiply();
  EndedPtr second = multiply();
  EndedPtr third = multiply();
  EXPECT_EQ(third->code(), Code::kResourceExhausted);
  EXPECT_EQ(third->message(),
            "arith.Arith/Multiply on arith: not called: 2 calls are running; the limit is 2");
  server("a").gate->open();
  loop.settle();
  server("a").gate.reset();
  EXPECT_TRUE(first->ok() && second->ok());
  EXPECT_TRUE(multiply()->ok());
}

TEST_F(ClusterTest, KeepsToItsLimitOfCallsAServer) {
  options.max_calls_per_server = 1;
  list({"a", "b"});
  multiply_times(2);
  server("a").gate = std::make_shared<Gate>();
  server("b").gate = server("a").gate;
  EndedPtr first = multiply();
  EndedPtr second = multiply();
  EXPECT_THAT(calls(), ElementsAre(2, 2));
  EndedPtr third = multiply();
  EXPECT_EQ(third->code(), Code::kResourceExhausted);
  EXPECT_THAT(third->message(), HasSubstr("each of 2 servers has 1 calls waiting"));
  server("a").gate->open();
  loop.settle();
  EXPECT_TRUE(first->ok() && second->ok());
}

TEST_F(ClusterTest, CancelsACallWherever) {
  list({"a"});
  server("a").network = TownServer::Network::kSilent;
  Call<std::int64_t> waiting = stub().Multiply({6, 7});
  EndedPtr waited = watch(waiting);
  loop.settle();
  waiting.cancel();
  loop.settle();
  EXPECT_EQ(waited->code(), Code::kCancelled);
  EXPECT_EQ(waited->ends, 1);
  EXPECT_EQ(cluster().stats().calls_waiting, 0u);
}

TEST_F(ClusterTest, CancelsACallThatRuns) {
  list({"a"});
  multiply();
  server("a").gate = std::make_shared<Gate>();
  Call<std::int64_t> call = stub().Multiply({6, 7});
  EndedPtr ended = watch(call);
  loop.settle();
  call.cancel();
  loop.settle();
  EXPECT_EQ(ended->code(), Code::kCancelled);
  EXPECT_EQ(server("a").gate->cancelled(), 1);
  EXPECT_EQ(cluster().stats().calls_pending, 0u);
}

TEST_F(ClusterTest, EndsItsCallsWhenItIsClosed) {
  list({"a", "b"});
  multiply();
  server("a").gate = std::make_shared<Gate>();
  server("b").network = TownServer::Network::kSilent;
  EndedPtr waiting = multiply();
  EndedPtr running = multiply();
  cluster().close();
  loop.settle();
  EXPECT_EQ(waiting->code(), Code::kCancelled);
  EXPECT_EQ(running->code(), Code::kCancelled);
  EXPECT_EQ(multiply()->code(), Code::kCancelled);
}

TEST_F(ClusterTest, LeavesNothingBehindAfterItsCalls) {
  list({"a", "b"});
  multiply_times(10);
  ClusterStats stats = cluster().stats();
  EXPECT_EQ(stats.calls, 10u);
  EXPECT_EQ(stats.attempts, 10u);
  EXPECT_EQ(stats.calls_pending, 0u);
  EXPECT_EQ(stats.calls_waiting, 0u);
  EXPECT_EQ(stats_of("a").calls, 5u);
  EXPECT_EQ(stats_of("a").pending, 0u);
}

TEST_F(ClusterTest, TakesALatencyFromWhenTheRequestLeftUntilTheAnswerCame) {
  list({"a"});
  multiply();
  server("a").gate = std::make_shared<Gate>();
  Call<std::int64_t> call = stub().Multiply({6, 7});
  EndedPtr ended = watch(call);
  loop.clock().advance(5s);  // it has not left
  loop.settle();
  loop.advance(30ms);
  server("a").gate->open();
  loop.settle();
  ASSERT_TRUE(ended->ok()) << ended->message();
  EXPECT_EQ(stats_of("a").latency, 30ms);
}

TEST_F(ClusterTest, RunsItsInterceptorsOnceACallAndThoseOfConnectionsOnceAnAttempt) {
  struct Counting final : Interceptor {
    Status on_start(InterceptedCall& call) override {
      peers.emplace_back(call.peer);
      return {};
    }
    std::vector<std::string> peers;
  };
  auto around = std::make_shared<Counting>();
  auto each = std::make_shared<Counting>();
  options.interceptors = {around};
  options.client.interceptors = {each};
  list({"a", "b"});
  multiply_times(2);
  EXPECT_THAT(around->peers, ElementsAre("arith", "arith"));
  EXPECT_THAT(each->peers, ElementsAre("tcp@a:1", "tcp@b:1"));
}

}  // namespace
}  // namespace tern::test
