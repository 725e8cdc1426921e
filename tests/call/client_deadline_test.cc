// Calls that end early: deadlines and cancels.
#include <gmock/gmock.h>

#include "call/client_fixture.h"

namespace tern::test {
namespace {

class ClientDeadlines : public ClientTest {};
class ClientCancels : public ClientTest {};

TEST_F(ClientDeadlines, EndCallsAndLeaveNothingBehind) {
  connect();
  std::size_t timers = loop.loop().timer_count();
  auto call = multiply(6, 7, within(500ms));
  loop.settle();
  EXPECT_EQ(client().stats().timers, 1u);
  loop.advance(499ms);
  EXPECT_EQ(call->ends, 0);
  loop.advance(1ms);

  EXPECT_EQ(call->code(), Code::kDeadlineExceeded);
  EXPECT_EQ(call->ran(), HandlerRan::kUnknown);
  EXPECT_EQ(call->message(), "arith.Arith/Multiply on tcp@127.0.0.1:7: no reply within 500ms");
  EXPECT_EQ(client().stats().calls_pending, 0u);
  EXPECT_EQ(client().stats().timers, 0u);
  EXPECT_EQ(loop.loop().timer_count(), timers);
  std::vector<SentFrame> sent = server().read();
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[0].timeout, 500ms);
  EXPECT_EQ(sent[1].kind, wire::FrameKind::kCancel);
  EXPECT_EQ(sent[1].id, sent[0].id);
}

// The writes of a connection can wait longer than its calls.
TEST_F(ClientDeadlines, HoldWhileTheServerTakesNothing) {
  connect();
  OutcomePtr<std::int64_t> in_turn;
  stub().Multiply({1, 1}).then([&](Result<std::int64_t>) { in_turn = multiply(2, 2, within(1s)); });
  loop.settle();
  std::uint64_t id = server().read().at(0).id;
  dialer->client(0).block_writes(true);
  auto first = multiply(3, 3, within(1s));
  loop.settle();
  server().reply(id, 1);
  loop.settle();
  loop.advance(1s);
  EXPECT_EQ(first->code(), Code::kDeadlineExceeded);
  ASSERT_TRUE(in_turn);
  EXPECT_EQ(in_turn->code(), Code::kDeadlineExceeded);
}

TEST_F(ClientDeadlines, HoldForCallsBehindAWriteThatWaits) {
  connect();
  dialer->client(0).block_writes(true);
  auto first = multiply(3, 3);
  loop.settle();
  auto second = multiply(4, 4, within(1s));
  loop.settle();
  loop.advance(1s);
  EXPECT_EQ(first->ends, 0);
  EXPECT_EQ(second->code(), Code::kDeadlineExceeded);
}

// The server's going-away is read before the loop has come to flush the call.
TEST_F(ClientDeadlines, HoldForACallThatIsQueuedWhenItsConnectionGoesAway) {
  connect();
  dialer->client(0).block_writes(true);
  auto first = multiply(3, 3);
  loop.settle();
  server().going_away("restarting");
  auto second = multiply(4, 4, within(1s));
  loop.settle();
  loop.advance(1s);
  EXPECT_EQ(first->ends, 0);
  EXPECT_EQ(second->code(), Code::kDeadlineExceeded);
}

// The stream is there, but the loop is behind the time.
TEST_F(ClientDeadlines, KeepACallFromAStreamThatComesTooLate) {
  auto call = multiply(6, 7, within(1s));
  ASSERT_EQ(loop.io().poll_one(), 1u);  // the dialing
  ASSERT_EQ(dialer->attempts(), 1u);
  loop.clock().advance(1s);
  loop.settle();
  EXPECT_EQ(call->ends, 1);
  EXPECT_EQ(call->code(), Code::kDeadlineExceeded);
  EXPECT_EQ(call->ran(), HandlerRan::kNo);
  EXPECT_TRUE(server().read(wire::FrameKind::kRequest).empty());
}

// K4: late, and not given to a later call.
TEST_F(ClientDeadlines, LeaveALateReplyToBeCountedAndDropped) {
  connect();
  auto call = multiply(6, 7, within(500ms));
  loop.advance(500ms);
  auto next = multiply(1, 2);
  loop.settle();
  std::vector<SentFrame> sent = server().read(wire::FrameKind::kRequest);
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_NE(sent[0].id, sent[1].id);
  server().reply(sent[0].id, 42);
  loop.settle();
  EXPECT_EQ(call->ends, 1);
  EXPECT_EQ(next->ends, 0);
  EXPECT_EQ(client().stats().late_replies, 1u);
  server().reply(sent[1].id, 2);
  loop.settle();
  EXPECT_EQ(next->value(), 2);
}

TEST_F(ClientDeadlines, OfAnsweredCallsLeaveNoTimer) {
  connect();
  std::size_t timers = loop.loop().timer_count();
  auto call = multiply(6, 7, within(1h));
  loop.settle();
  EXPECT_EQ(loop.loop().timer_count(), timers + 1);
  server().reply(server().read().at(0).id, 42);
  loop.settle();
  EXPECT_TRUE(call->ok());
  EXPECT_EQ(loop.loop().timer_count(), timers);
}

TEST_F(ClientDeadlines, ThatComeTogetherEndEachCallOnce) {
  connect();
  std::vector<OutcomePtr<std::int64_t>> calls;
  for (int i = 0; i < 50; ++i) calls.push_back(multiply(i, 1, within(1s)));
  loop.advance(1s);
  for (const auto& call : calls) {
    EXPECT_EQ(call->ends, 1);
    EXPECT_EQ(call->code(), Code::kDeadlineExceeded);
  }
  EXPECT_EQ(client().stats().timers, 0u);
}

// K15.
TEST_F(ClientDeadlines, WithoutTimeLeftFailAtOnceWithoutTheNetwork) {
  for (std::chrono::nanoseconds timeout : {0ns, -1ns, std::chrono::nanoseconds::min()}) {
    auto call = multiply(6, 7, within(timeout));
    EXPECT_EQ(call->ends, 1);
    EXPECT_EQ(call->code(), Code::kDeadlineExceeded);
    EXPECT_EQ(call->ran(), HandlerRan::kNo);
  }
  loop.settle();
  EXPECT_EQ(dialer->attempts(), 0u);
  EXPECT_EQ(client().stats().calls_started, 3u);
}

TEST_F(ClientDeadlines, FarAwayDoNotOverflow) {
  connect();
  for (std::chrono::nanoseconds timeout :
       {std::chrono::nanoseconds::max(), std::chrono::nanoseconds::max() - 1ns}) {
    auto call = multiply(6, 7, within(timeout));
    loop.advance(24h * 365);
    EXPECT_EQ(call->ends, 0);
    server().reply(server().read(wire::FrameKind::kRequest).at(0).id, 42);
    loop.settle();
    EXPECT_EQ(call->value(), 42);
  }
}

TEST_F(ClientDeadlines, MayBeANanosecondAway) {
  connect();
  auto call = multiply(6, 7, within(1ns));
  loop.settle();
  EXPECT_EQ(call->ends, 0);
  loop.advance(1ns);
  EXPECT_EQ(call->code(), Code::kDeadlineExceeded);
}

TEST_F(ClientDeadlines, ComeFromTheCallThenTheMethodThenTheClient) {
  options.default_timeout = 7s;
  connect();
  watch(stub().Impatient());
  CallOptions own = within(3s);
  watch(stub().Impatient(own));
  multiply(1, 1);
  loop.settle();
  std::vector<SentFrame> sent = server().read();
  ASSERT_EQ(sent.size(), 3u);
  EXPECT_EQ(sent[0].timeout, 500ms);
  EXPECT_EQ(sent[1].timeout, 3s);
  EXPECT_EQ(sent[2].timeout, 7s);
}

// K5.
TEST_F(ClientCancels, ACancelledCallEndsOnceAndTheServerIsTold) {
  connect();
  Call<std::int64_t> call = stub().Multiply({6, 7}, within(1h));
  auto outcome = watch(call);
  loop.settle();
  call.cancel();
  call.cancel();
  loop.settle();
  EXPECT_EQ(outcome->ends, 1);
  EXPECT_EQ(outcome->code(), Code::kCancelled);
  EXPECT_EQ(outcome->ran(), HandlerRan::kUnknown);
  EXPECT_EQ(client().stats().calls_pending, 0u);
  EXPECT_EQ(client().stats().timers, 0u);
  std::vector<SentFrame> sent = server().read();
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[1].kind, wire::FrameKind::kCancel);
  server().reply(sent[0].id, 42);
  loop.settle();
  EXPECT_EQ(outcome->ends, 1);
  EXPECT_EQ(client().stats().late_replies, 1u);
}

TEST_F(ClientCancels, ACancelAfterTheReplyHasNoEffect) {
  connect();
  Call<std::int64_t> call = stub().Multiply({6, 7});
  loop.settle();
  server().reply(server().read().at(0).id, 42);
  loop.settle();
  call.cancel();
  loop.settle();
  EXPECT_EQ(*call.get(), 42);
  EXPECT_TRUE(server().read().empty());
}

TEST_F(ClientCancels, ACancelAndAReplyInOneTurnEndTheCallOnce) {
  connect();
  Call<std::int64_t> call = stub().Multiply({6, 7});
  auto outcome = watch(call);
  loop.settle();
  server().reply(server().read().at(0).id, 42);
  call.cancel();
  loop.settle();
  EXPECT_EQ(outcome->ends, 1);
}

}  // namespace
}  // namespace tern::test
