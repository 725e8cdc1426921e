// What a server does with a connection of gRPC.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "serve/grpc_fixture.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

class GrpcSession : public GrpcFixture {};

TEST_F(GrpcSession, AnswersACall) {
  connect();
  const std::int32_t stream = echo("hello");
  exchange();
  EXPECT_EQ(status(stream), "0") << client().answer(stream).field("grpc-message");
  EXPECT_EQ(client().answer(stream).body, grpc_message("\x0a\x05hello"));
}

TEST_F(GrpcSession, GoesOnWhileRepliesWaitForWindows) {
  options().limits.unsent_bytes = 1000;
  connect(0);
  for (int i = 0; i < 10; ++i) echo(std::string(1000, 'x'));
  peer().send(client().take_bytes());
  listen();
  EXPECT_TRUE(client().answer(1).body.empty());
  connect(0);  // another one, which is not held up
  const std::int32_t stream = echo("");
  exchange();
  EXPECT_EQ(client().answer(stream).field(":status"), "200");
}

TEST_F(GrpcSession, EndsWhenTooMuchWaitsForWindows) {
  options().limits.unsent_reply_bytes = 100'000;
  connect(0);
  for (int i = 0; i < 11; ++i) echo(std::string(10'000, 'x'));
  exchange();
  EXPECT_TRUE(peer().end().end_received());
  EXPECT_EQ(refused("unsent replies"), 1u);
}

TEST_F(GrpcSession, CountsNothingOfWhatHasLeft) {
  connect();
  const std::int32_t stream = echo(std::string(50'000, 'x'));
  exchange();
  EXPECT_EQ(status(stream), "0");
  EXPECT_EQ(server().stats().unsent_bytes, 0u);
}

TEST_F(GrpcSession, CountsNothingOfWhatHasLeftWhenAWindowHadRoomForIt) {
  connect(0);
  const std::int32_t stream = echo(std::string(50'000, 'x'));
  exchange();
  EXPECT_GE(server().stats().unsent_bytes, 50'000u);
  client().open_window(stream, 100'000);
  exchange();
  EXPECT_EQ(status(stream), "0");
  EXPECT_EQ(server().stats().unsent_bytes, 0u);
}

TEST_F(GrpcSession, EndsWhenItsWindowsHaveHadNoRoomForTheTimeOfAWrite) {
  options().write_timeout = 30s;
  connect(0);
  const std::int32_t slow = echo(std::string(1000, 'x'));
  exchange();
  advance(29s);
  client().open_window(slow, 10);  // that is a sign of life
  peer().send(client().take_bytes());
  settle();
  advance(29s);
  EXPECT_FALSE(peer().end().end_received());
  advance(1s);
  EXPECT_TRUE(peer().end().end_received());
  EXPECT_EQ(refused("unsent replies"), 1u);
}

TEST_F(GrpcSession, MayTakeNothingForAsLongAsNothingWaits) {
  options().write_timeout = 30s;
  connect(0);
  const std::int32_t stream = echo(std::string(1000, 'x'));
  exchange();
  client().open_window(stream, 10'000);
  exchange();
  EXPECT_EQ(status(stream), "0");
  advance(1h);
  EXPECT_FALSE(peer().end().end_received());
}

TEST_F(GrpcSession, HasItsRepliesBeforeAServerThatDrainsEnds) {
  connect(0);
  const std::int32_t stream = echo(std::string(1000, 'x'));
  exchange();
  begin_stop(60s);
  while (client().goaways().empty()) listen();
  advance(5s);
  exchange();
  EXPECT_FALSE(peer().end().end_received());
  EXPECT_FALSE(stopped());
  client().open_window(stream, 10'000);
  exchange();
  EXPECT_EQ(status(stream), "0");
  advance(10s);  // the client had time to leave
  finish_stop();
  EXPECT_TRUE(peer().end().end_received());
}

}  // namespace
}  // namespace tern::test
