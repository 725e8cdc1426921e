// When a connection counts as idle.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "serve/gate.h"
#include "serve/server_fixture.h"
#include "tern/duplex.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

class Idle : public ServerFixture {
 protected:
  Idle() { options().idle_timeout = 60s; }
};

TEST_F(Idle, IsCountedFromTheLastByteOfThePeer) {
  auto peer = connect();
  advance(59s);
  peer->send(peer->ping(1));
  settle();
  EXPECT_EQ(peer->answer().kind, wire::FrameKind::kPong);
  advance(59s);
  EXPECT_TRUE(peer->answers().empty());
  advance(1s);
  EXPECT_EQ(peer->answer().kind, wire::FrameKind::kGoingAway);
}

TEST_F(Idle, IsCountedFromTheEndOfTheLastCall) {
  Gate gate;
  service().on_echo(echo_behind(gate));
  auto peer = connect();
  peer->send(peer->request(1, "x"));
  settle();
  advance(50s);
  gate.open();
  settle();
  EXPECT_EQ(peer->answer().kind, wire::FrameKind::kReply);
  advance(59s);
  EXPECT_TRUE(peer->answers().empty());
  advance(1s);
  EXPECT_EQ(peer->answer().kind, wire::FrameKind::kGoingAway);
}

// The time of a message is message_timeout's.
TEST_F(Idle, IsNoPeerWhoseRequestIsStillArriving) {
  options().message_timeout = 1h;
  auto peer = connect();
  const std::string request = peer->request(1, "a request that takes its time");
  peer->send(request.substr(0, 40));
  settle();
  for (std::size_t i = 40; i < request.size(); ++i) {
    advance(30s);
    peer->send(request.substr(i, 1));
    settle();
  }
  EXPECT_EQ(refused("idle"), 0u);
  EXPECT_EQ(peer->answer().kind, wire::FrameKind::kReply);
}

TEST_F(Idle, IsNoPeerForWhomBytesWait) {
  options().write_timeout = 1h;
  auto peer = connect();
  peer->server_end().block_writes(true);
  peer->send(peer->request(1, "x"));
  settle();
  for (int i = 0; i < 5; ++i) advance(60s);
  EXPECT_EQ(refused("idle"), 0u);
  peer->server_end().block_writes(false);
  settle();
  EXPECT_EQ(peer->answer().kind, wire::FrameKind::kReply);
}

// A client that serves, and answers the calls of handlers that ended long ago.
TEST_F(Idle, IsNoPeerThatAnswersCallsOfTheServer) {
  call_back_on_connections(options());
  auto peer = connect_silent();
  wire::Option option;
  option.codec_type = native_codec().name();
  option.version = wire::kProtocolVersion;
  option.serves = true;
  peer->send(wire::to_line(option));
  settle();
  ASSERT_TRUE(peer->option_reply().has_value());
  Buffer pong;
  wire::native::ClientProtocol(native_codec(), Limits()).write_pong(1, pong);
  for (int i = 0; i < 5; ++i) {
    advance(50s);
    peer->send({reinterpret_cast<const char*>(pong.view().data()), pong.size()});
    settle();
    EXPECT_TRUE(peer->answers().empty());
  }
  advance(60s);
  advance(60s);
  EXPECT_EQ(peer->answer().kind, wire::FrameKind::kGoingAway);
}

}  // namespace
}  // namespace tern::test
