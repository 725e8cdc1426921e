// A server with a limit that it finds by itself: what happens to the calls over it.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "serve/gate.h"
#include "serve/server_fixture.h"
#include "tern/interceptor.h"

namespace tern::test {
namespace {

using std::chrono::seconds;

class Overloaded : public ServerFixture {
 protected:
  Overloaded() {
    AdaptiveConcurrency& limit = options().adaptive_concurrency;
    limit.enabled = true;
    limit.lowest = limit.initial = limit.highest = 2;
    service().on_echo([this](ServerContext&, std::string text) { return behind(gate_, text); });
  }

  // Calls Echo, which waits for the gate.
  void call(Peer& peer, std::uint64_t id) {
    peer.send(peer.request(id, std::to_string(id)));
    settle();
  }
  static void expect_refused(const Answer& answer) {
    EXPECT_EQ(answer.kind, wire::FrameKind::kError);
    EXPECT_EQ(answer.code, Code::kResourceExhausted);
    EXPECT_EQ(answer.ran, HandlerRan::kNo);
    EXPECT_EQ(answer.text, "server: overloaded; 2 calls run, and no more than 2 may at present");
  }

  Gate gate_;
};

TEST_F(Overloaded, CallsOverTheLimitAreRefusedAtOnceAndTheirHandlersDoNotRun) {
  auto peer = connect();
  call(*peer, 1);
  call(*peer, 2);
  call(*peer, 3);
  Answer answer = peer->answer();
  EXPECT_EQ(answer.id, 3u);
  expect_refused(answer);
  EXPECT_EQ(service().echoes(), 2);
  EXPECT_EQ(refused("over the adaptive limit"), 1u);
  gate_.open();
  settle();
  EXPECT_EQ(peer->answers().size(), 2u);
  call(*peer, 4);
  EXPECT_EQ(peer->answer().text, "4");
}

TEST_F(Overloaded, TheLimitIsOfAllConnectionsTogether) {
  auto one = connect();
  auto other = connect();
  call(*one, 1);
  call(*other, 1);
  call(*other, 2);
  expect_refused(other->answer());
}

TEST_F(Overloaded, MethodsOfWhichFewRunAreNotRefused) {
  auto peer = connect();
  call(*peer, 1);
  call(*peer, 2);
  peer->send(peer->request(3, "1.5", RequestOptions(), SampleService::kMeasure));
  settle();
  EXPECT_EQ(peer->number(peer->answer()), 1.5);
}

TEST_F(Overloaded, MethodsThatAreExemptAreNeitherCountedNorRefused) {
  options().adaptive_concurrency.exempt = {"Sample.Echo"};
  options().adaptive_concurrency.always_of_each_method = 0;
  auto peer = connect();
  for (std::uint64_t id = 1; id <= 5; ++id) call(*peer, id);
  peer->send(peer->request(6, "1.5", RequestOptions(), SampleService::kMeasure));
  settle();
  EXPECT_EQ(peer->number(peer->answer()), 1.5);
  EXPECT_EQ(gate_.waiting(), 5);
}

TEST_F(Overloaded, CallsOfPeersThatLeaveMakeRoomForOthers) {
  auto gone = connect();
  call(*gone, 1);
  call(*gone, 2);
  gone->end().close();
  settle();
  auto peer = connect();
  call(*peer, 1);
  call(*peer, 2);
  EXPECT_TRUE(peer->answers().empty());
  EXPECT_EQ(gate_.waiting(), 2);
}

TEST_F(Overloaded, CallsThatAreCancelledMakeRoomForOthers) {
  auto peer = connect();
  call(*peer, 1);
  call(*peer, 2);
  peer->send(peer->cancel(1));
  settle();
  call(*peer, 3);
  EXPECT_TRUE(peer->answers().empty());
}

TEST_F(Overloaded, CallsThatAreRefusedForAnotherReasonTakeNoRoom) {
  struct Refusing final : Interceptor {
    Status on_start(InterceptedCall&) override { return {Code::kUnauthenticated, "who are you?"}; }
  };
  options().interceptors.push_back(std::make_shared<Refusing>());
  auto peer = connect();
  for (std::uint64_t id = 1; id <= 100; ++id) {
    call(*peer, id);
    EXPECT_EQ(peer->answer().code, Code::kUnauthenticated);
  }
}

TEST_F(Overloaded, RequestsThatWereHeldBackAreRefusedInTheirTurn) {
  options().limits.calls_in_flight = 1;
  AdaptiveConcurrency& limit = options().adaptive_concurrency;
  limit.always_of_each_method = 0;
  auto one = connect();
  auto other = connect();
  auto third = connect();
  call(*one, 1);
  call(*one, 2);  // waits for its own connection
  call(*other, 1);
  call(*third, 1);
  expect_refused(third->answer());
  one->send(one->cancel(1));
  settle();
  EXPECT_TRUE(one->answers().empty());
  EXPECT_EQ(gate_.waiting(), 2);
}

TEST_F(Overloaded, TheLimitIsInTheStatistics) {
  auto peer = connect();
  EXPECT_EQ(server().stats().concurrency_limit, 2u);
}

TEST_F(Overloaded, ANameThatIsExemptMustBeServed) {
  options().adaptive_concurrency.exempt = {"Sample.Echo", "Sample.Eco"};
  Status status = server().listen("tcp@127.0.0.1:0").status();
  EXPECT_EQ(status.code(), Code::kInvalidArgument);
  EXPECT_EQ(status.message(),
            "adaptive_concurrency: \"Sample.Eco\" is exempt, but no such method is served; this "
            "server has sample.Sample");
}

TEST_F(Overloaded, BoundsMustBeInOrder) {
  options().adaptive_concurrency.lowest = 3;
  Status status = server().listen("tcp@127.0.0.1:0").status();
  EXPECT_EQ(status.code(), Code::kInvalidArgument);
  EXPECT_EQ(status.message(), "adaptive_concurrency: initial is less than lowest");
}

class NotLimited : public ServerFixture {};

TEST_F(NotLimited, ByDefaultAsManyCallsRunAsTheConnectionsMay) {
  Gate gate;
  service().on_echo(echo_behind(gate));
  auto peer = connect();
  for (std::uint64_t id = 1; id <= 1000; ++id) peer->send(peer->request(id, "x"));
  settle();
  EXPECT_EQ(gate.waiting(), 1000);
  EXPECT_EQ(server().stats().concurrency_limit, 0u);
}

}  // namespace
}  // namespace tern::test
