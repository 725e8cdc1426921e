// The time limits of a connection.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "serve/gate.h"
#include "serve/server_fixture.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

using TimeLimits = ServerFixture;

TEST_F(TimeLimits, HandshakesEndInTimeHoweverSlowlyTheyDrip) {
  auto peer = connect_silent();
  std::string option = peer->option();
  for (std::size_t i = 0; i < 9; ++i) {
    peer->send(option.substr(i, 1));
    advance(1s);
    EXPECT_FALSE(peer->end().end_received()) << i;
  }
  advance(1s);
  EXPECT_TRUE(peer->end().end_received());
  EXPECT_EQ(refused("handshake timeout"), 1u);
  EXPECT_EQ(server().stats().connections, 0u);
}

TEST_F(TimeLimits, AConnectionWithoutAByteIsClosedWithoutALine) {
  std::vector<std::string> lines;
  options().log = [&lines](std::string_view line) { lines.emplace_back(line); };
  auto peer = connect_silent();
  advance(10s);
  EXPECT_TRUE(peer->end().end_received());
  EXPECT_EQ(refused("silent"), 1u);
  EXPECT_EQ(refused("handshake timeout"), 0u);
  EXPECT_TRUE(lines.empty());
}

TEST_F(TimeLimits, ACompleteHandshakeIsNotTimedAnyMore) {
  auto peer = connect();
  advance(1h);
  EXPECT_FALSE(peer->end().end_received());
}

TEST_F(TimeLimits, AMessageThatStopsMidwayEndsTheConnection) {
  auto peer = connect();
  std::string request = peer->request(1, std::string(1000, 'x'));
  for (std::size_t cut : {std::size_t{1}, wire::native::Frames::kHeaderBytes, std::size_t{500}}) {
    auto stalled = connect();
    stalled->send(request.substr(0, cut));
    settle();
    advance(29s);
    EXPECT_FALSE(stalled->end().end_received()) << cut;
    advance(1s);
    EXPECT_TRUE(stalled->end().end_received()) << cut;
  }
  EXPECT_EQ(refused("message timeout"), 3u);
  EXPECT_FALSE(peer->end().end_received());
}

TEST_F(TimeLimits, AMessageThatDripsEndsTheConnectionToo) {
  auto peer = connect();
  std::string request = peer->request(1, std::string(1000, 'x'));
  for (std::size_t i = 0; i < 30; ++i) {
    EXPECT_FALSE(peer->end().end_received());
    peer->send(request.substr(i, 1));
    settle();
    advance(1s);
  }
  EXPECT_TRUE(peer->end().end_received());
}

TEST_F(TimeLimits, AMessageOverTheLimitThatStopsMidwayEndsTheConnection) {
  options().limits.message_bytes = 100;
  auto peer = connect();
  peer->send(peer->request(1, std::string(1000, 'x')).substr(0, 500));
  settle();
  EXPECT_EQ(peer->answer().code, Code::kResourceExhausted);
  advance(30s);
  EXPECT_TRUE(peer->end().end_received());
  EXPECT_EQ(refused("message timeout"), 1u);
}

TEST_F(TimeLimits, EachMessageHasItsOwnTime) {
  auto peer = connect();
  std::string request = peer->request(1, "hello");
  for (int i = 0; i < 10; ++i) {
    peer->send(request.substr(0, 10));
    settle();
    advance(20s);
    peer->send(request.substr(10));
    settle();
    EXPECT_EQ(peer->answers().size(), 1u) << i;
  }
  EXPECT_FALSE(peer->end().end_received());
}

TEST_F(TimeLimits, AMessageDoesNotTakeOverTheTimeOfTheOneBefore) {
  auto peer = connect();
  std::string request = peer->request(1, "hello");
  peer->send(request.substr(0, 10));
  settle();
  for (int i = 0; i < 10; ++i) {
    advance(20s);
    peer->send(request.substr(10) + request.substr(0, 10));
    settle();
    EXPECT_EQ(peer->answers().size(), 1u) << i;
  }
  EXPECT_FALSE(peer->end().end_received());
}

TEST_F(TimeLimits, AMessageBehindOneOverTheLimitHasItsOwnTime) {
  options().limits.message_bytes = 100;
  auto peer = connect();
  std::string refused_one = peer->request(1, std::string(1000, 'x'));
  std::string next = peer->request(2, "hello");
  peer->send(refused_one.substr(0, 500));
  settle();
  advance(20s);
  peer->send(refused_one.substr(500) + next.substr(0, 10));
  settle();
  advance(20s);
  EXPECT_FALSE(peer->end().end_received());
  peer->send(next.substr(10));
  settle();
  EXPECT_EQ(peer->answers().size(), 2u);
}

TEST_F(TimeLimits, ACallBehindAPartialMessageMayTakeLonger) {
  Gate gate;
  options().limits.calls_in_flight = 1;
  service().on_echo(echo_behind(gate));
  auto peer = connect_silent();
  std::string request = R"({"method":"Sample.Echo","params":["x"],"id":1})";
  peer->send(request + request.substr(0, 10));
  settle();
  EXPECT_EQ(gate.waiting(), 1);
  advance(10min);
  EXPECT_FALSE(peer->end().end_received());
  gate.open();
  settle();
}

TEST_F(TimeLimits, AnIdleConnectionIsToldAndClosed) {
  options().idle_timeout = 60s;
  auto peer = connect();
  advance(59s);
  peer->send(peer->request(1, "x"));
  settle();
  EXPECT_EQ(peer->answers().size(), 1u);
  advance(59s);
  EXPECT_TRUE(peer->answers().empty());
  advance(1s);
  EXPECT_EQ(peer->answer().kind, wire::FrameKind::kGoingAway);
  // A request that was on its way is refused, not lost.
  peer->send(peer->request(2, "x"));
  settle();
  Answer refusal = peer->answer();
  EXPECT_EQ(refusal.code, Code::kUnavailable);
  EXPECT_EQ(refusal.ran, HandlerRan::kNo);
  advance(1s);
  EXPECT_TRUE(peer->end().end_received());
  EXPECT_EQ(refused("idle"), 1u);
}

TEST_F(TimeLimits, AConnectionWithACallRunningIsNotIdle) {
  options().idle_timeout = 60s;
  Gate gate;
  service().on_echo(echo_behind(gate));
  auto peer = connect();
  peer->send(peer->request(1, "x"));
  settle();
  for (int i = 0; i < 10; ++i) advance(60s);
  EXPECT_TRUE(peer->answers().empty());
  EXPECT_FALSE(peer->end().end_received());
  gate.open();
  settle();
  EXPECT_EQ(peer->answer().kind, wire::FrameKind::kReply);
  advance(60s);
  advance(60s);
  EXPECT_EQ(peer->answer().kind, wire::FrameKind::kGoingAway);
}

TEST_F(TimeLimits, APeerThatTakesNoByteIsDisconnected) {
  auto peer = connect();
  peer->server_end().block_writes(true);
  peer->send(peer->request(1, "x"));
  settle();
  advance(29s);
  EXPECT_EQ(server().stats().connections, 1u);
  advance(1s);
  EXPECT_EQ(server().stats().connections, 0u);
  EXPECT_EQ(server().stats().unsent_bytes, 0u);
}

TEST_F(TimeLimits, APeerThatTakesNoByteIsDisconnectedWhenTheServerSays) {
  options().write_timeout = 5s;
  auto peer = connect();
  peer->server_end().block_writes(true);
  peer->send(peer->request(1, "x"));
  settle();
  advance(4s);
  EXPECT_EQ(server().stats().connections, 1u);
  advance(1s);
  EXPECT_EQ(server().stats().connections, 0u);
}

}  // namespace
}  // namespace tern::test
