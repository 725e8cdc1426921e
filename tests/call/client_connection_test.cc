// A client's connection: the answer to the handshake, the loss of it, a server that goes away.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "call/client_fixture.h"

namespace tern::test {
namespace {

using testing::HasSubstr;

using ClientConnect = ClientTest;

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
