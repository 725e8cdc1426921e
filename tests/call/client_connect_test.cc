// How a client dials, and what becomes of the calls that wait for a connection.
#include <gmock/gmock.h>

#include <vector>

#include "call/client_fixture.h"

namespace tern::test {
namespace {

using testing::HasSubstr;

Status refused_connection() {
  return Status(Code::kUnavailable, "connection refused", HandlerRan::kNo);
}

class ClientConnect : public ClientTest {
 protected:
  // The waits between the attempts so far.
  std::vector<std::chrono::nanoseconds> waits() const {
    std::vector<Clock::TimePoint> times = dialer->attempt_times();
    std::vector<std::chrono::nanoseconds> between;
    for (std::size_t i = 1; i < times.size(); ++i) between.push_back(times[i] - times[i - 1]);
    return between;
  }
};

TEST_F(ClientConnect, HappensWithTheFirstCall) {
  client();
  loop.settle();
  EXPECT_EQ(dialer->attempts(), 0u);
  connect();
  EXPECT_EQ(dialer->attempts(), 1u);
  EXPECT_EQ(client().stats().connects, 1u);
}

TEST_F(ClientConnect, CallsWaitForTheStream) {
  dialer->hang_next();
  auto call = multiply(6, 7);
  loop.settle();
  EXPECT_EQ(call->ends, 0);
  EXPECT_EQ(client().stats().calls_pending, 1u);
}

TEST_F(ClientConnect, TheTimeLeftIsSentWhenTheStreamIsThere) {
  dialer->fail_next(refused_connection());
  CallOptions call = wait_for_ready();
  call.timeout = 5s;
  auto waiting = multiply(6, 7, call);
  loop.settle();
  loop.advance(1s);
  server().accept();
  loop.settle();
  std::vector<SentFrame> sent = server().read();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].timeout, 4s);
}

TEST_F(ClientConnect, TheDeadlineHoldsWhileConnecting) {
  dialer->hang_next();
  auto call = multiply(6, 7, within(2s));
  loop.settle();
  loop.advance(2s);
  EXPECT_EQ(call->code(), Code::kDeadlineExceeded);
  EXPECT_EQ(call->ran(), HandlerRan::kNo);
  EXPECT_EQ(call->message(), "arith.Arith/Multiply on tcp@127.0.0.1:7: no connection within 2s");
  EXPECT_EQ(client().stats().timers, 0u);
  EXPECT_EQ(client().stats().calls_pending, 0u);
}

TEST_F(ClientConnect, ACallCanBeCancelledWhileConnecting) {
  dialer->hang_next();
  Call<std::int64_t> call = stub().Multiply({6, 7});
  auto outcome = watch(call);
  loop.settle();
  call.cancel();
  loop.settle();
  EXPECT_EQ(outcome->code(), Code::kCancelled);
  EXPECT_EQ(outcome->ran(), HandlerRan::kNo);
}

TEST_F(ClientConnect, TooManyWaitingCallsAreRefused) {
  options.limits.calls_in_flight = 2;
  dialer->hang_next();
  multiply(1, 1);
  multiply(1, 1);
  auto call = multiply(1, 1);
  EXPECT_EQ(call->code(), Code::kResourceExhausted);
  EXPECT_EQ(call->ran(), HandlerRan::kNo);
}

TEST_F(ClientConnect, AFailureEndsTheCallsThatWait) {
  dialer->fail_next(refused_connection());
  auto call = multiply(6, 7);
  auto other = multiply(6, 7);
  loop.settle();
  EXPECT_EQ(call->ends, 1);
  EXPECT_EQ(other->ends, 1);
  EXPECT_EQ(call->code(), Code::kUnavailable);
  EXPECT_EQ(call->ran(), HandlerRan::kNo);
  EXPECT_EQ(call->message(),
            "arith.Arith/Multiply on tcp@127.0.0.1:7: not connected: connection refused; "
            "next attempt in 1s");
  EXPECT_EQ(client().stats().connect_failures, 1u);
}

TEST_F(ClientConnect, CallsFailFastUntilTheNextAttempt) {
  dialer->fail_next(refused_connection());
  multiply(6, 7);
  loop.settle();
  loop.advance(400ms);
  auto call = multiply(6, 7);
  EXPECT_EQ(call->ends, 1);  // before start() has returned
  EXPECT_EQ(call->ran(), HandlerRan::kNo);
  EXPECT_THAT(call->message(), HasSubstr("connection refused; next attempt in 600ms"));
  EXPECT_EQ(dialer->attempts(), 1u);

  loop.advance(600ms);
  EXPECT_EQ(dialer->attempts(), 1u);  // no call needed one
  auto next = multiply(6, 7);
  loop.settle();
  EXPECT_EQ(dialer->attempts(), 2u);
  EXPECT_EQ(next->ends, 0);
}

TEST_F(ClientConnect, BacksOffByTheScheduleUpToTheCap) {
  for (int i = 0; i < 16; ++i) dialer->fail_next(refused_connection());
  auto call = multiply(6, 7, wait_for_ready());
  loop.settle();
  for (int i = 0; i < 20 * 120; ++i) loop.advance(500ms);
  std::vector<std::chrono::nanoseconds> between = waits();
  ASSERT_GE(between.size(), 13u);
  // Seen at the next half second.
  const std::vector<double> exact{1, 1.6, 2.56, 4.096, 6.5536, 10.48576, 16.777216};
  for (std::size_t i = 0; i < exact.size(); ++i) {
    double waited = std::chrono::duration<double>(between[i]).count();
    EXPECT_GE(waited, exact[i]) << i;
    EXPECT_LT(waited, exact[i] + 0.5) << i;
  }
  EXPECT_EQ(between[11], 120s);
  EXPECT_EQ(between[12], 120s);
  EXPECT_EQ(call->ends, 0);
}

TEST_F(ClientConnect, JitterIsTwentyPercentEitherWay) {
  options.random = [] { return 0.0; };
  dialer->fail_next(refused_connection());
  multiply(6, 7, wait_for_ready());
  loop.settle();
  loop.advance(799ms);
  EXPECT_EQ(dialer->attempts(), 1u);
  loop.advance(1ms);
  EXPECT_EQ(dialer->attempts(), 2u);
}

TEST_F(ClientConnect, ASuccessStartsTheScheduleAnew) {
  for (int i = 0; i < 3; ++i) dialer->fail_next(refused_connection());
  multiply(6, 7, wait_for_ready());
  loop.settle();
  loop.advance(1s);
  loop.advance(1600ms);
  loop.advance(2560ms);
  server().accept();
  loop.settle();
  server().read();
  dialer->server(0).close();
  loop.settle();
  dialer->fail_next(refused_connection());
  auto call = multiply(6, 7);
  loop.settle();
  EXPECT_THAT(call->message(), HasSubstr("next attempt in 1s"));
}

TEST_F(ClientConnect, AWaitForReadyCallWaitsThroughFailures) {
  dialer->fail_next(refused_connection());
  dialer->fail_next(refused_connection());
  auto call = multiply(6, 7, wait_for_ready());
  loop.settle();
  loop.advance(1s);
  loop.advance(1600ms);
  EXPECT_EQ(dialer->attempts(), 3u);
  server().accept();
  loop.settle();
  server().reply(server().read().at(0).id, 42);
  loop.settle();
  EXPECT_EQ(call->value(), 42);
}

TEST_F(ClientConnect, AWaitForReadyCallGoesOnlyToAServerThatAccepts) {
  auto call = multiply(6, 7, wait_for_ready());
  loop.settle();
  EXPECT_TRUE(server().read().empty());
  server().refuse("go away");
  loop.settle();
  EXPECT_EQ(call->ends, 0);
  loop.advance(1s);
  server(1).accept();
  loop.settle();
  server(1).reply(server(1).read().at(0).id, 42);
  loop.settle();
  EXPECT_EQ(call->value(), 42);
}

TEST_F(ClientConnect, AWaitForReadyCallEndsAtItsDeadlineAlsoIfTheServerTakesNothing) {
  CallOptions call = wait_for_ready();
  call.timeout = 2s;
  auto outcome = multiply(6, 7, call);
  loop.settle();
  dialer->client(0).block_writes(true);
  auto hurried = multiply(6, 7);  // is stuck, and the patient one behind it
  server().accept();
  loop.settle();
  loop.advance(2s);
  EXPECT_EQ(outcome->code(), Code::kDeadlineExceeded);
  EXPECT_EQ(hurried->ends, 0);
}

TEST_F(ClientConnect, ManyWaitForReadyCallsKeepTheirOwnDeadlines) {
  dialer->hang_next();
  std::vector<OutcomePtr<std::int64_t>> calls;
  for (int i = 1; i <= 5; ++i) {
    CallOptions call = wait_for_ready();
    call.timeout = i * 1s;
    calls.push_back(multiply(i, i, call));
    loop.settle();
  }
  EXPECT_EQ(client().stats().timers, 5u);
  for (std::size_t i = 0; i < calls.size(); ++i) {
    EXPECT_EQ(calls[i]->ends, 0);
    loop.advance(1s);
    EXPECT_EQ(calls[i]->ends, 1);
  }
}

TEST_F(ClientConnect, AWaitForReadyCallEndsAtItsDeadlineAndNamesTheReason) {
  for (int i = 0; i < 9; ++i) dialer->fail_next(refused_connection());
  CallOptions call = wait_for_ready();
  call.timeout = 2s;
  auto outcome = multiply(6, 7, call);
  loop.settle();
  loop.advance(1s);
  loop.advance(1s);
  EXPECT_EQ(outcome->code(), Code::kDeadlineExceeded);
  EXPECT_EQ(outcome->ran(), HandlerRan::kNo);
  EXPECT_EQ(outcome->message(),
            "arith.Arith/Multiply on tcp@127.0.0.1:7: no connection within 2s; the last attempt: "
            "connection refused");
}

TEST_F(ClientConnect, TimesOutWhenTheDialerHangs) {
  options.connect_timeout = 3s;
  dialer->hang_next();
  auto call = multiply(6, 7);
  loop.settle();
  loop.advance(3s);
  EXPECT_EQ(dialer->given_up(), 1u);
  EXPECT_EQ(call->code(), Code::kUnavailable);
  EXPECT_EQ(call->ran(), HandlerRan::kNo);
  EXPECT_THAT(call->message(), HasSubstr("not connected: no connection within 3s"));
}

}  // namespace
}  // namespace tern::test
