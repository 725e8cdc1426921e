// How a client comes to a connection, and to the next one.
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

TEST_F(ClientConnect, TimesOutWhenTheServerDoesNotAnswerTheHandshake) {
  options.connect_timeout = 3s;
  auto call = multiply(6, 7);
  loop.settle();
  loop.advance(3s);
  EXPECT_EQ(call->code(), Code::kUnavailable);
  EXPECT_EQ(call->ran(), HandlerRan::kUnknown);  // it has the request
  EXPECT_THAT(call->message(), HasSubstr("no answer from the server within 3s"));
  EXPECT_TRUE(dialer->client(0).closed());
  EXPECT_EQ(client().stats().connect_failures, 1u);
  EXPECT_EQ(loop.loop().timer_count(), 1u);  // until the next attempt
}

TEST_F(ClientConnect, ARefusedHandshakeEndsItsCallsWithTheReason) {
  auto call = multiply(6, 7);
  loop.settle();
  server().read();
  server().refuse("codec \"application/x-tern\" is not known");
  loop.settle();
  EXPECT_EQ(call->code(), Code::kFailedPrecondition);
  EXPECT_EQ(call->ran(), HandlerRan::kNo);
  EXPECT_EQ(call->message(),
            "arith.Arith/Multiply on tcp@127.0.0.1:7: not called: handshake: refused by the "
            "server: codec \"application/x-tern\" is not known");
  auto next = multiply(6, 7);
  EXPECT_EQ(next->code(), Code::kUnavailable);
  EXPECT_THAT(next->message(), HasSubstr("is not known; next attempt in 1s"));
}

TEST_F(ClientConnect, ARefusalNamesTheHandshakeOnce) {
  auto call = multiply(6, 7);
  loop.settle();
  server().refuse("handshake: MagicNumber is 1; expected 3927900");
  loop.settle();
  EXPECT_EQ(call->message(),
            "arith.Arith/Multiply on tcp@127.0.0.1:7: not called: handshake: refused by the "
            "server: MagicNumber is 1; expected 3927900");
}

// Other threads go on starting calls: here, the moment is when the jitter is asked for.
TEST_F(ClientConnect, ACallThatStartsWhileTheHandshakeFailsEndsWithIt) {
  OutcomePtr<std::int64_t> between;
  options.random = [&] {
    between = multiply(1, 1);
    return 0.5;
  };
  auto call = multiply(6, 7);
  loop.settle();
  server().refuse("no");
  loop.settle();
  EXPECT_EQ(call->ends, 1);
  ASSERT_TRUE(between);
  EXPECT_EQ(between->ends, 1);
  EXPECT_EQ(between->code(), Code::kUnavailable);
  EXPECT_EQ(between->ran(), HandlerRan::kNo);
}

TEST_F(ClientConnect, AnAnswerThatIsNoHandshakeIsRefused) {
  const std::vector<std::string> answers{
      "HTTP/1.1 400 Bad Request\r\n",
      "{}\n",
      "{\"MagicNumber\":1,\"Version\":1}\n",
      "{\"MagicNumber\":3927900,\"Version\":2,\"MaxMessageBytes\":1,\"MaxCallsInFlight\":1}\n",
      "\n",
      std::string(5000, 'x')};
  for (std::size_t i = 0; i < answers.size(); ++i) {
    auto call = multiply(6, 7);
    loop.settle();
    server(i).send(answers[i]);
    loop.settle();
    EXPECT_EQ(call->ends, 1) << answers[i];
    EXPECT_EQ(call->code(), Code::kUnavailable) << answers[i];
    EXPECT_EQ(call->ran(), HandlerRan::kUnknown) << answers[i] << ": it has the request";
    EXPECT_THAT(call->message(), HasSubstr("before the reply came: handshake: the server"))
        << answers[i];
    EXPECT_THAT(call->message(), testing::Not(HasSubstr("handshake: handshake"))) << answers[i];
    loop.advance(120s);
  }
}

TEST_F(ClientConnect, TheAnswerMayComeByteByByteAndWithReplies) {
  auto call = multiply(6, 7);
  loop.settle();
  std::string bytes =
      WickedServer::accept_line(1000, 10) + WickedServer::reply_bytes(server().read().at(0).id, 42);
  for (char byte : bytes) {
    EXPECT_EQ(call->ends, 0);
    server().send(std::string(1, byte));
    loop.settle();
  }
  EXPECT_EQ(call->value(), 42);
}

TEST_F(ClientConnect, TheAnswerMayBeCutAnywhere) {
  for (std::size_t cut = 1;; ++cut) {
    FakeDialer& here = *dialer;
    std::size_t index = here.streams();
    auto call = multiply(6, 7);
    loop.settle();
    std::string bytes =
        WickedServer::accept_line() + WickedServer::reply_bytes(server(index).read().at(0).id, 42);
    if (cut == bytes.size()) break;
    server(index).send(bytes.substr(0, cut));
    loop.settle();
    server(index).send(bytes.substr(cut));
    loop.settle();
    EXPECT_TRUE(call->ok()) << cut;
    here.server(index).close();
    loop.settle();
  }
}

TEST_F(ClientConnect, ALostConnectionIsMadeAnewByTheNextCallAtOnce) {
  connect();
  dialer->server(0).close();
  loop.settle();
  EXPECT_EQ(dialer->attempts(), 1u);
  auto call = multiply(6, 7);
  loop.settle();
  EXPECT_EQ(dialer->attempts(), 2u);
  server(1).accept();
  server(1).reply(server(1).read().at(0).id, 42);
  loop.settle();
  EXPECT_EQ(call->value(), 42);
  EXPECT_EQ(client().stats().connects, 2u);
}

TEST_F(ClientConnect, AReplyOfTheOldConnectionDoesNotReachACallOfTheNew) {
  connect();
  auto old = multiply(1, 2);
  loop.settle();
  std::uint64_t old_id = server().read().at(0).id;
  dialer->server(0).close();
  loop.settle();
  EXPECT_EQ(old->ran(), HandlerRan::kUnknown);
  auto call = multiply(6, 7);
  loop.settle();
  std::uint64_t id = server(1).read().at(0).id;
  EXPECT_NE(id, old_id);
  server(1).accept();
  server(1).reply(old_id, 13);
  loop.settle();
  EXPECT_EQ(call->ends, 0);
  server(1).reply(id, 42);
  loop.settle();
  EXPECT_EQ(call->value(), 42);
  EXPECT_EQ(old->ends, 1);
  multiply(1, 1);
  loop.settle();
  EXPECT_GT(server(1).read().at(0).id, id);  // nor do ids begin anew
}

TEST_F(ClientConnect, GoingAwayFinishesWhatRunsAndMovesNewCalls) {
  connect();
  auto old = multiply(1, 2);
  loop.settle();
  std::uint64_t old_id = server().read().at(0).id;
  server().going_away("restarting");
  loop.settle();
  EXPECT_EQ(old->ends, 0);
  EXPECT_FALSE(dialer->client(0).closed());

  auto call = multiply(6, 7);
  loop.settle();
  EXPECT_TRUE(server().read().empty());
  ASSERT_EQ(dialer->streams(), 2u);
  server(1).accept();
  server(1).reply(server(1).read().at(0).id, 42);
  server().reply(old_id, 2);
  loop.settle();
  EXPECT_EQ(old->value(), 2);
  EXPECT_EQ(call->value(), 42);
  EXPECT_TRUE(dialer->server(0).end_received());
  loop.advance(10s);
  EXPECT_TRUE(dialer->client(0).closed());
  EXPECT_FALSE(dialer->client(1).closed());
}

TEST_F(ClientConnect, GoingAwayInTheHandshakeHasRunNothing) {
  auto first = multiply(1, 2);
  auto second = multiply(3, 4);
  loop.settle();
  EXPECT_EQ(server().read().size(), 2u);
  server().refuse("server: going away; it takes no new calls", true);
  loop.settle();
  for (const auto& call : {first, second}) {
    EXPECT_EQ(call->code(), Code::kUnavailable);
    EXPECT_EQ(call->ran(), HandlerRan::kNo);
    EXPECT_THAT(call->message(), HasSubstr("server: going away; it takes no new calls"));
  }
}

TEST_F(ClientConnect, GoingAwayWithoutCallsClosesAtOnce) {
  connect();
  server().going_away("restarting");
  loop.settle();
  EXPECT_TRUE(dialer->server(0).end_received());
}

TEST_F(ClientConnect, CallsOnAConnectionThatGoesAwayKeepTheirDeadlines) {
  connect();
  auto timed = multiply(1, 2, within(1s));
  Call<std::int64_t> call = stub().Multiply({3, 4});
  auto cancelled = watch(call);
  loop.settle();
  server().going_away("restarting");
  loop.settle();
  multiply(5, 6);
  loop.settle();
  call.cancel();
  loop.settle();
  EXPECT_EQ(cancelled->code(), Code::kCancelled);
  loop.advance(1s);
  EXPECT_EQ(timed->code(), Code::kDeadlineExceeded);
  EXPECT_EQ(server().read(wire::FrameKind::kCancel).size(), 2u);
  EXPECT_TRUE(dialer->server(0).end_received());
}

using ClientLog = ClientTest;

TEST_F(ClientLog, SaysWhatBecomesOfConnectionsToThoseWhoWantToKnow) {
  std::vector<std::string> lines;
  options.log = [&lines](LogLevel level, std::string_view line) {
    lines.push_back(std::string(log_level_name(level)) + ": " + std::string(line));
  };
  options.log_level = LogLevel::kDebug;
  dialer->fail_next(Status(Code::kUnavailable, "nobody listens"));
  auto failed = multiply(1, 1);
  loop.settle();
  loop.advance(2s);
  connect();
  dialer->server(0).close();
  loop.settle();
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0],
            "info: tern: tcp@127.0.0.1:7: not connected: nobody listens; next attempt in 1s");
  EXPECT_EQ(lines[1], "debug: tern: tcp@127.0.0.1:7: connected");
  EXPECT_EQ(lines[2].find("info: tern: tcp@127.0.0.1:7: connection lost: "), 0u) << lines[2];
}

TEST_F(ClientLog, IsSilentAboutThemOtherwise) {
  int lines = 0;
  options.log = [&lines](std::string_view) { ++lines; };
  dialer->fail_next(Status(Code::kUnavailable, "nobody listens"));
  multiply(1, 1);
  loop.settle();
  EXPECT_EQ(lines, 0);
}

}  // namespace
}  // namespace tern::test
