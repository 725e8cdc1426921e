#include "tern/fan_out.h"

#include <gmock/gmock.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "cluster/cluster_fixture.h"

namespace tern::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Reply<std::int64_t> not_found(ServerContext&, arith::Args) {
  return Status(Code::kNotFound, "not here");
}

class FanOuts : public ClusterTest {
 protected:
  EndedPtr call(FanOut channel, CallOptions call_options = CallOptions()) {
    Call<std::int64_t> started = arith::ArithStub(channel).Multiply({6, 7}, call_options);
    EndedPtr ended = watch(started);
    loop.settle();
    return ended;
  }
  void gate(const std::string& name) { server(name).gate = std::make_shared<Gate>(); }
  void open(const std::string& name) {
    server(name).gate->open();
    loop.settle();
  }
};

TEST_F(FanOuts, BroadcastToAllServers) {
  list({"a", "b", "c"});
  EndedPtr ended = call(FanOut::broadcast(cluster()));
  ASSERT_TRUE(ended->ok()) << ended->message();
  EXPECT_EQ(**ended->result, 42);
  EXPECT_THAT(calls(), ElementsAre(1, 1, 1));
}

TEST_F(FanOuts, BroadcastWaitsForAll) {
  list({"a", "b"});
  gate("b");
  EndedPtr ended = call(FanOut::broadcast(cluster()));
  EXPECT_FALSE(ended->done());
  open("b");
  EXPECT_TRUE(ended->ok());
}

TEST_F(FanOuts, TheFirstErrorOfABroadcastCancelsTheRest) {
  list({"a", "b", "c"});
  gate("a");
  gate("c");
  server("b").handler = not_found;
  EndedPtr ended = call(FanOut::broadcast(cluster()));
  EXPECT_EQ(ended->code(), Code::kNotFound);
  EXPECT_EQ(ended->ends, 1);
  EXPECT_EQ(server("a").gate->cancelled(), 1);
  EXPECT_EQ(server("c").gate->cancelled(), 1);
}

TEST_F(FanOuts, BroadcastFailsWhenAServerCannotBeReached) {
  list({"a", "b"});
  server("b").network = TownServer::Network::kRefuses;
  EndedPtr ended = call(FanOut::broadcast(cluster()));
  EXPECT_EQ(ended->code(), Code::kUnavailable);
  EXPECT_THAT(ended->message(), HasSubstr("tcp@b:1"));
}

TEST_F(FanOuts, BroadcastEndsWithItsDeadline) {
  list({"a", "b"});
  gate("b");
  EndedPtr ended = call(FanOut::broadcast(cluster()), within(50ms));
  loop.advance(50ms);
  EXPECT_EQ(ended->code(), Code::kDeadlineExceeded);
}

TEST_F(FanOuts, ForkIsWonByTheFirstSuccess) {
  list({"a", "b", "c"});
  gate("a");
  server("b").handler = not_found;
  EndedPtr ended = call(FanOut::fork(cluster()));
  EXPECT_TRUE(ended->ok()) << ended->message();
  EXPECT_EQ(server("a").gate->cancelled(), 1);
}

TEST_F(FanOuts, ForkFailsWhenAllHaveFailed) {
  list({"a", "b"});
  server("a").handler = not_found;
  server("b").handler = not_found;
  EXPECT_EQ(call(FanOut::fork(cluster()))->code(), Code::kNotFound);
}

TEST_F(FanOuts, QuorumNeedsSoManySuccesses) {
  list({"a", "b", "c"});
  gate("a");
  gate("b");
  EndedPtr ended = call(FanOut::quorum(cluster(), 2));
  EXPECT_FALSE(ended->done());
  open("a");
  EXPECT_TRUE(ended->ok()) << ended->message();
  EXPECT_EQ(server("b").gate->cancelled(), 0);
}

TEST_F(FanOuts, QuorumFailsAsSoonAsItCannotBeReached) {
  list({"a", "b", "c"});
  gate("a");
  server("b").handler = not_found;
  server("c").handler = not_found;
  EXPECT_EQ(call(FanOut::quorum(cluster(), 2))->code(), Code::kNotFound);
}

TEST_F(FanOuts, QuorumOfMoreThanThereAreFailsAtOnce) {
  list({"a", "b"});
  EndedPtr ended = call(FanOut::quorum(cluster(), 3));
  EXPECT_EQ(ended->code(), Code::kUnavailable);
  EXPECT_THAT(ended->message(), HasSubstr("3 successes are needed, and 2 servers are listed"));
  EXPECT_THAT(calls(), ElementsAre(0, 0));
}

TEST_F(FanOuts, StartNoFurtherCallAfterAFailureIsDecided) {
  list({"a", "b", "c"});
  EXPECT_TRUE(call(FanOut::broadcast(cluster()))->ok());
  kill("a");
  EXPECT_FALSE(call(FanOut::broadcast(cluster()))->ok());
  EXPECT_EQ(stats_of("a").state, "unreachable");
  EXPECT_THAT(calls(), ElementsAre(1, 2, 2));
  EndedPtr broadcast = call(FanOut::broadcast(cluster()));
  EXPECT_EQ(broadcast->code(), Code::kUnavailable);
  EXPECT_EQ(broadcast->result->status().handler_ran(), HandlerRan::kNo);
  EXPECT_FALSE(call(FanOut::quorum(cluster(), 3))->ok());
  EXPECT_THAT(calls(), ElementsAre(1, 2, 2));
  EXPECT_TRUE(call(FanOut::quorum(cluster(), 2))->ok());
  EXPECT_THAT(calls(), ElementsAre(1, 3, 3));
}

TEST_F(FanOuts, SayThatAHandlerHasNotRunOnlyIfThatIsSoOfEveryServer) {
  list({"a", "b"});
  server("b").network = TownServer::Network::kSilent;
  EndedPtr first = call(FanOut::broadcast(cluster()), within(50ms));
  loop.advance(50ms);
  EXPECT_EQ(first->code(), Code::kDeadlineExceeded);
  EXPECT_EQ(first->result->status().handler_ran(), HandlerRan::kYes);
  list({"a", "c"});
  server("c").network = TownServer::Network::kRefuses;
  gate("a");
  EndedPtr ended = call(FanOut::broadcast(cluster()));
  EXPECT_EQ(ended->code(), Code::kUnavailable);
  EXPECT_EQ(ended->result->status().handler_ran(), HandlerRan::kUnknown);
}

TEST_F(FanOuts, AreCancelledWhileTheyWaitForTheServers) {
  FanOut everyone = FanOut::broadcast(cluster());
  Call<std::int64_t> started = arith::ArithStub(everyone).Multiply({6, 7});
  EndedPtr ended = watch(started);
  auto gathering = call_each(cluster(), [](Channel& channel) {
    return arith::ArithStub(channel).Multiply({6, 7});
  });
  auto gathered = watch(gathering);
  loop.settle();
  started.cancel();
  gathering.cancel();
  loop.settle();
  EXPECT_EQ(ended->code(), Code::kCancelled);
  EXPECT_EQ(gathered->code(), Code::kCancelled);
  list({"a"});
  EXPECT_THAT(calls(), ElementsAre(0));
  EXPECT_EQ(ended->ends + gathered->ends, 2);
}

TEST_F(FanOuts, GatherAFailureWhenACallCannotBeStarted) {
  list({"a", "b"});
  int starts = 0;
  auto started = call_each(cluster(), [&](Channel& channel) {
    if (++starts == 2) throw std::runtime_error("no more");
    return arith::ArithStub(channel).Multiply({6, 7});
  });
  auto ended = watch(started);
  loop.settle();
  EXPECT_EQ(ended->code(), Code::kInternal);
  EXPECT_EQ(ended->result->status().handler_ran(), HandlerRan::kUnknown);
  EXPECT_EQ(ended->message(), "call_each: to start a call threw: no more");
}

TEST_F(FanOuts, WaitUntilTheServersAreKnown) {
  EndedPtr ended = call(FanOut::broadcast(cluster()));
  EXPECT_FALSE(ended->done());
  list({"a", "b"});
  EXPECT_TRUE(ended->ok()) << ended->message();
  EXPECT_THAT(calls(), ElementsAre(1, 1));
}

TEST_F(FanOuts, WaitNoLongerThanTheirDeadline) {
  EndedPtr ended = call(FanOut::broadcast(cluster()), within(1s));
  loop.advance(1s);
  EXPECT_EQ(ended->code(), Code::kDeadlineExceeded);
  EXPECT_THAT(ended->message(), HasSubstr("the servers are not known within 1s"));
}

TEST_F(FanOuts, HaveOneDeadlineForTheListAndTheCalls) {
  auto slow = std::make_shared<TownServer>();
  slow->server = make_server(slow);
  slow->gate = std::make_shared<Gate>();
  town->servers.emplace("a", slow);
  EndedPtr ended = call(FanOut::broadcast(cluster()), within(1s));
  loop.advance(600ms);
  list({"a"});
  EXPECT_EQ(slow->gate->waiting(), 1);
  loop.advance(399ms);
  EXPECT_FALSE(ended->done());
  loop.advance(1ms);
  EXPECT_EQ(ended->code(), Code::kDeadlineExceeded);
  EXPECT_EQ(slow->gate->waiting(), 0);
}

TEST_F(FanOuts, WaitForTheServersNoLongerThanACallMayTakeByDefault) {
  options.client.default_timeout = 1s;
  EndedPtr ended = call(FanOut::broadcast(cluster()));
  loop.advance(1s);
  EXPECT_EQ(ended->code(), Code::kDeadlineExceeded);
  EXPECT_THAT(ended->message(), HasSubstr("the servers are not known within 1s"));
}

TEST_F(FanOuts, AreCancelledAsOne) {
  list({"a", "b"});
  gate("a");
  gate("b");
  FanOut everyone = FanOut::broadcast(cluster());
  Call<std::int64_t> started = arith::ArithStub(everyone).Multiply({6, 7});
  EndedPtr ended = watch(started);
  loop.settle();
  started.cancel();
  loop.settle();
  EXPECT_EQ(ended->code(), Code::kCancelled);
  EXPECT_EQ(server("a").gate->cancelled() + server("b").gate->cancelled(), 2);
}

TEST_F(FanOuts, GatherEveryServersOwnResult) {
  list({"a", "b", "c"});
  server("b").handler = not_found;
  server("c").network = TownServer::Network::kRefuses;
  auto started = call_each(cluster(), [](Channel& channel) {
    return arith::ArithStub(channel).Multiply({6, 7});
  });
  auto ended = watch(started);
  loop.settle();
  ASSERT_TRUE(ended->ok()) << ended->message();
  auto& results = **ended->result;
  ASSERT_EQ(results.size(), 3u);
  EXPECT_EQ(results[0].server.endpoint.host, "a");
  EXPECT_EQ(*results[0].result, 42);
  EXPECT_EQ(results[1].result.status().code(), Code::kNotFound);
  EXPECT_EQ(results[2].result.status().code(), Code::kUnavailable);
}

TEST_F(FanOuts, GatherNothingWithoutServers) {
  list({});
  auto started = call_each(cluster(), [](Channel& channel) {
    return arith::ArithStub(channel).Multiply({6, 7});
  });
  auto ended = watch(started);
  loop.settle();
  EXPECT_EQ(ended->code(), Code::kUnavailable);
}

TEST_F(FanOuts, GatheringIsCancelledAsOne) {
  list({"a", "b"});
  gate("a");
  auto started = call_each(cluster(), [](Channel& channel) {
    return arith::ArithStub(channel).Multiply({6, 7});
  });
  auto ended = watch(started);
  loop.settle();
  started.cancel();
  loop.settle();
  ASSERT_TRUE(ended->ok());
  EXPECT_EQ((**ended->result)[0].result.status().code(), Code::kCancelled);
  EXPECT_TRUE((**ended->result)[1].result.ok());
}

// ---- exceptions of callbacks

TEST_F(FanOuts, TellTheLogWhenTheCallbackForKnownServersThrows) {
  std::vector<std::string> lines;
  options.client.log = [&lines](std::string_view line) { lines.emplace_back(line); };
  list({"a"});
  cluster().when_known(std::nullopt, [](const Result<std::vector<ServerChannel>>&) {
    throw std::runtime_error("no more");
  });
  loop.settle();
  EXPECT_THAT(lines, ElementsAre("tern: arith: the callback of when_known() threw: no more"));
}

TEST_F(FanOuts, TellTheLogWhenTheirCallbackThrows) {
  std::vector<std::string> lines;
  options.client.log = [&lines](std::string_view line) { lines.emplace_back(line); };
  list({"a", "b"});
  FanOut everyone = FanOut::broadcast(cluster());
  arith::ArithStub(everyone).Multiply({6, 7}).then(
      [](const Result<std::int64_t>&) { throw std::runtime_error("no more"); });
  loop.settle();
  EXPECT_THAT(lines,
              ElementsAre("tern: arith: the callback of arith.Arith/Multiply threw: no more"));
}

TEST_F(FanOuts, TellTheLogWhenTheCallbackOfAllAnswersThrows) {
  std::vector<std::string> lines;
  options.client.log = [&lines](std::string_view line) { lines.emplace_back(line); };
  list({"a", "b"});
  auto start = [](Channel& one) { return arith::ArithStub(one).Multiply({6, 7}); };
  call_each(cluster(), start).then([](const auto&) { throw std::runtime_error("no more"); });
  loop.settle();
  EXPECT_THAT(lines, ElementsAre("tern: arith: the callback of call_each() threw: no more"));
}

}  // namespace
}  // namespace tern::test
