// How much a client asks for, and how long it bears silence.
#include <gmock/gmock.h>

#include "call/client_fixture.h"
#include "tern/codegen/type_ops_of.h"

namespace tern::test {
namespace {

class ClientLimits : public ClientTest {};
class ClientKeepalive : public ClientTest {};

TEST_F(ClientLimits, RefuseCallsOverThoseInFlight) {
  options.limits.calls_in_flight = 3;
  connect();
  for (int i = 0; i < 3; ++i) multiply(i, i);
  auto call = multiply(6, 7);
  EXPECT_EQ(call->code(), Code::kResourceExhausted);
  EXPECT_EQ(call->ran(), HandlerRan::kNo);
  EXPECT_EQ(call->message(),
            "arith.Arith/Multiply on tcp@127.0.0.1:7: 3 calls are in flight on the connection; "
            "the limit is 3");
  loop.settle();
  std::vector<SentFrame> sent = server().read();
  EXPECT_EQ(sent.size(), 3u);
  server().reply(sent[0].id, 0);
  loop.settle();
  EXPECT_EQ(multiply(6, 7)->ends, 0);
}

TEST_F(ClientLimits, OfTheServerAreKept) {
  OutcomePtr<std::int64_t> first = multiply(1, 1);
  loop.settle();
  server().read_option();
  server().accept(/*max_message_bytes=*/64, /*max_calls_in_flight=*/2);
  loop.settle();
  auto large = watch(stub().Echo(std::string(65, 'x')));
  EXPECT_EQ(large->code(), Code::kResourceExhausted);
  EXPECT_EQ(large->ran(), HandlerRan::kNo);
  EXPECT_THAT(large->message(), testing::HasSubstr("arith.Arith/Echo on tcp@127.0.0.1:7: request"));
  EXPECT_THAT(large->message(), testing::HasSubstr("the peer takes at most 64"));
  EXPECT_EQ(multiply(2, 2)->ends, 0);
  EXPECT_EQ(multiply(3, 3)->code(), Code::kResourceExhausted);
}

TEST_F(ClientLimits, RefuseCallsWhileTooManyBytesWait) {
  options.limits.unsent_bytes = 1000;
  connect();
  dialer->client(0).block_writes(true);
  auto first = watch(stub().Echo(std::string(600, 'x')));
  loop.settle();
  auto second = watch(stub().Echo(std::string(600, 'x')));
  loop.settle();
  auto third = watch(stub().Echo("x"));
  EXPECT_EQ(third->code(), Code::kResourceExhausted);
  EXPECT_EQ(third->ran(), HandlerRan::kNo);
  EXPECT_THAT(third->message(), testing::HasSubstr("bytes wait to be sent; the limit is 1000"));
  EXPECT_GE(client().stats().unsent_bytes, 1200u);

  dialer->client(0).block_writes(false);
  loop.settle();
  EXPECT_EQ(client().stats().unsent_bytes, 0u);
  EXPECT_EQ(watch(stub().Echo("x"))->ends, 0);
  loop.settle();
  EXPECT_EQ(server().read().size(), 3u);
}

TEST_F(ClientLimits, ThatNoCallCouldKeepAreRefusedInWords) {
  options.codec = "application/json";
  options.limits.unsent_bytes = 512;
  auto call = multiply(6, 7);
  EXPECT_EQ(call->code(), Code::kInvalidArgument);
  EXPECT_EQ(call->ran(), HandlerRan::kNo);
  EXPECT_EQ(call->message(),
            "arith.Arith/Multiply on tcp@127.0.0.1:7: not called: limits: unsent_bytes is 512, so "
            "that no call could be sent: 512 bytes stand before the first one");
  EXPECT_EQ(client().connect().code(), Code::kInvalidArgument);
  EXPECT_EQ(dialer->attempts(), 0u);
}

TEST_F(ClientLimits, JustAboveTheOptionLeaveRoomForACall) {
  options.codec = "application/json";
  options.limits.unsent_bytes = 513;
  auto call = multiply(6, 7);
  loop.settle();
  EXPECT_EQ(call->ends, 0) << call->message();
}

// It is the end of the turn in which the server accepts that writes the call.
TEST_F(ClientLimits, RefuseCallsWhileAWriteOfATurnWaits) {
  options.limits.unsent_bytes = 1000;
  auto large = watch(stub().Echo(std::string(2000, 'x'), wait_for_ready()));
  loop.settle();
  server().read_option();
  dialer->client(0).block_writes(true);
  server().accept();
  loop.settle();
  EXPECT_GE(client().stats().unsent_bytes, 2000u);
  auto refused = multiply(6, 7);
  EXPECT_EQ(refused->code(), Code::kResourceExhausted);
  EXPECT_EQ(refused->ran(), HandlerRan::kNo);
  dialer->client(0).block_writes(false);
  loop.settle();
  EXPECT_EQ(client().stats().unsent_bytes, 0u);
  EXPECT_EQ(large->ends, 0);
}

TEST_F(ClientLimits, AReplyOverTheLimitFailsItsCallOnly) {
  options.limits.message_bytes = 100;
  connect();
  auto large = watch(stub().Echo("x"));
  auto good = multiply(6, 7);
  loop.settle();
  std::vector<SentFrame> sent = server().read();
  std::string text(101, 'x');
  server().reply(sent[0].id, type_ops<std::string>(), &text);
  server().reply(sent[1].id, 42);
  loop.settle();
  EXPECT_EQ(large->code(), Code::kResourceExhausted);
  EXPECT_EQ(large->ran(), HandlerRan::kYes);
  EXPECT_EQ(good->value(), 42);
}

TEST_F(ClientLimits, AReplyOverTheLimitIsReadPastAsItComes) {
  options.limits.message_bytes = 100;
  connect();
  auto large = watch(stub().Echo("x"));
  auto good = multiply(6, 7);
  loop.settle();
  StreamFaults faults;
  faults.read_size = 7;
  faults.gaps = true;
  dialer->client(0).set_faults(faults);
  std::vector<SentFrame> sent = server().read();
  std::string text(1000, 'x');
  server().reply(sent[0].id, type_ops<std::string>(), &text);
  server().reply(sent[1].id, 42);
  loop.settle();
  EXPECT_EQ(large->ends, 1);
  EXPECT_EQ(good->value(), 42);
}

// The server's error is lost, and with it whether the handler has run.
TEST_F(ClientLimits, AnErrorOverTheLimitLeavesOpenWhetherTheHandlerRan) {
  options.limits.message_bytes = 100;
  connect();
  auto call = multiply(6, 7);
  loop.settle();
  server().fail(server().read().at(0).id,
                Status(Code::kAborted, std::string(101, 'x'), HandlerRan::kNo));
  loop.settle();
  EXPECT_EQ(call->code(), Code::kResourceExhausted);
  EXPECT_EQ(call->ran(), HandlerRan::kUnknown);
}

TEST_F(ClientLimits, HoldForTheAnswersToPingsToo) {
  options.limits.unsent_bytes = 1000;
  connect();
  dialer->client(0).block_writes(true);
  multiply(6, 7);
  loop.settle();
  for (std::uint64_t ping = 1; ping <= 1000; ++ping) server().ping(ping);
  loop.settle();
  EXPECT_LE(client().stats().unsent_bytes, 1000u + wire::native::Frames::kHeaderBytes);
}

TEST_F(ClientKeepalive, AnswersTheServersPing) {
  connect();
  server().ping(99);
  loop.settle();
  std::vector<SentFrame> sent = server().read(wire::FrameKind::kPong);
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].id, 99u);
}

TEST_F(ClientKeepalive, WaitsAsLongAsTheServerAnswersPings) {
  options.keepalive_interval = 20s;
  options.keepalive_timeout = 10s;
  connect();
  auto call = multiply(6, 7);
  loop.settle();
  loop.advance(20s);
  std::vector<SentFrame> pings = server().read(wire::FrameKind::kPing);
  ASSERT_EQ(pings.size(), 1u);
  server().pong(pings[0].id);
  loop.settle();
  loop.advance(10s);
  EXPECT_EQ(call->ends, 0);
  loop.advance(10s);
  EXPECT_EQ(server().read(wire::FrameKind::kPing).size(), 1u);
  loop.advance(10s);
  EXPECT_EQ(call->code(), Code::kUnavailable);
  EXPECT_EQ(call->ran(), HandlerRan::kUnknown);
  EXPECT_THAT(call->message(), testing::HasSubstr("nothing received for 30s"));
}

// The client takes a reply when it is complete: until then its bytes are the words that it hears.
TEST_F(ClientKeepalive, WaitsForAReplyThatTakesLongToArrive) {
  options.keepalive_interval = 20s;
  options.keepalive_timeout = 10s;
  connect();
  auto call = multiply(6, 7);
  loop.settle();
  const std::string reply = server().reply_bytes(server().read().at(0).id, 42);
  for (std::size_t i = 0; i < reply.size(); ++i) {
    EXPECT_EQ(call->ends, 0) << "after " << i << " bytes";
    server().send(reply.substr(i, 1));
    loop.settle();
    loop.advance(9s);
  }
  EXPECT_TRUE(call->ok()) << call->message();
}

TEST_F(ClientKeepalive, LeavesIdleConnectionsAlone) {
  options.keepalive_interval = 20s;
  connect();
  server().read();
  for (int i = 0; i < 10; ++i) loop.advance(20s);
  EXPECT_TRUE(server().read().empty());
  auto call = multiply(6, 7);
  loop.settle();
  EXPECT_EQ(server().read().size(), 1u);
  loop.advance(19s);
  EXPECT_TRUE(server().read().empty());
  loop.advance(1s);
  EXPECT_EQ(server().read(wire::FrameKind::kPing).size(), 1u);
  EXPECT_EQ(call->ends, 0);
}

// It goes out in the turn in which the server accepts, and nothing else comes after it.
TEST_F(ClientKeepalive, WatchesACallThatHasWaitedForTheHandshake) {
  options.keepalive_interval = 20s;
  multiply(6, 7, wait_for_ready());
  loop.settle();
  server().accept();
  loop.settle();
  EXPECT_EQ(server().read(wire::FrameKind::kRequest).size(), 1u);
  loop.advance(20s);
  EXPECT_EQ(server().read(wire::FrameKind::kPing).size(), 1u);
}

}  // namespace
}  // namespace tern::test
