// What becomes of a connection that is old.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "serve/gate.h"
#include "serve/grpc_fixture.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

class ConnectionAge : public GrpcFixture {
 protected:
  ConnectionAge() {
    options().max_connection_age = 100s;
    options().random = [this] { return random_; };
    service().on_echo([this](ServerContext&, std::string text) { return behind(gate_, text); });
  }

  double random_ = 0.5;
  Gate gate_;
};

TEST_F(ConnectionAge, IsToldToAClientOfGrpc) {
  connect();
  advance(99s);
  listen();
  EXPECT_TRUE(client().goaways().empty());
  advance(1s);
  listen();
  EXPECT_THAT(client().goaways(), ElementsAre(0x7fffffff));
  EXPECT_EQ(client().goaway_code(), 0u);
  advance(1s);
  EXPECT_TRUE(peer().end().end_received());
  EXPECT_EQ(refused("old"), 1u);
}

TEST_F(ConnectionAge, IsToldToAClientOfOurFrames) {
  auto native = GrpcFixture::ServerFixture::connect();
  advance(99s);
  EXPECT_TRUE(native->answers().empty());
  advance(1s);
  EXPECT_EQ(native->answer().kind, wire::FrameKind::kGoingAway);
  advance(1s);
  EXPECT_TRUE(native->end().end_received());
}

TEST_F(ConnectionAge, IsATenthLessOrMoreByChance) {
  random_ = 0;
  auto young = GrpcFixture::ServerFixture::connect();
  random_ = 0.999;
  auto old = GrpcFixture::ServerFixture::connect();
  advance(90s);
  EXPECT_EQ(young->answer().kind, wire::FrameKind::kGoingAway);
  advance(19s);
  EXPECT_TRUE(old->answers().empty());
  advance(1s);
  EXPECT_EQ(old->answer().kind, wire::FrameKind::kGoingAway);
}

TEST_F(ConnectionAge, LetsCallsEndThatRunAndIsToldInTwoSteps) {
  connect();
  const std::int32_t stream = echo("hello");
  exchange();
  advance(100s);
  exchange();
  EXPECT_THAT(client().goaways(), ElementsAre(0x7fffffff, stream));
  advance(1h);
  exchange();
  EXPECT_FALSE(peer().end().end_received());
  gate_.open();
  exchange();
  EXPECT_EQ(status(stream), "0");
  advance(1s);
  EXPECT_TRUE(peer().end().end_received());
}

TEST_F(ConnectionAge, EndsCallsThatRunLongerThanTheGrace) {
  options().max_connection_age_grace = 30s;
  connect();
  auto native = GrpcFixture::ServerFixture::connect();
  const std::int32_t stream = echo("hello");
  exchange();
  native->send(native->request(1, "hello"));
  settle();
  advance(100s);
  exchange();
  EXPECT_EQ(native->answer().kind, wire::FrameKind::kGoingAway);
  advance(29s);
  exchange();
  EXPECT_EQ(status(stream), "");
  advance(1s);
  listen();
  EXPECT_EQ(status(stream), "14");
  EXPECT_THAT(std::string(field(stream, "grpc-message")), HasSubstr("max_connection_age_grace"));
  const Answer answer = native->answer();
  EXPECT_EQ(answer.code, Code::kUnavailable);
  EXPECT_EQ(answer.ran, HandlerRan::kYes);
  EXPECT_TRUE(peer().end().end_received());
  EXPECT_TRUE(native->end().end_received());
}

TEST_F(ConnectionAge, RefusesTheStreamsOfCallsThatComeAfterIt) {
  connect();
  advance(100s);
  const std::int32_t stream = echo("hello");  // the client has not heard of it yet
  exchange();
  EXPECT_TRUE(client().answer(stream).ended);
  EXPECT_EQ(client().answer(stream).reset, 7u);
  EXPECT_EQ(service().echoes(), 0);
}

// Their clients would take it for a loss.
TEST_F(ConnectionAge, IsOfNoConcernInProtocolsWithoutAWordForIt) {
  auto gee = GrpcFixture::ServerFixture::connect(json_codec());
  auto http = connect_silent();
  http->send("GET / HTTP/1.1\r\nHost: here\r\n\r\n");
  settle();
  advance(1h);
  EXPECT_FALSE(http->end().end_received());
}

}  // namespace
}  // namespace tern::test
