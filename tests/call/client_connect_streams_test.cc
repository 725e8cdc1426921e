// Streams of a client that speaks Connect over HTTP/1.1, and a server by hand.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <optional>
#include <string>

#include "call/client_fixture.h"
#include "call/relay.h"
#include "support/http_stream_text.h"

namespace tern::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class ClientConnectStreams : public ClientTest {
 protected:
  ClientConnectStreams() : ClientTest("connect+http@127.0.0.1:7") {}

  relay::RelayStub relay() { return relay::RelayStub(client()); }
  MemoryEnd& server(std::size_t index = 0) { return dialer->server(index); }
  std::string received() {
    loop.settle();
    return server().take_received();
  }
  void answer(std::string_view bytes) {
    server().send(bytes);
    loop.settle();
  }
  static std::string head() {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/connect+json\r\n"
           "Transfer-Encoding: chunked\r\nEtag: x\r\n\r\n";
  }
  static std::string end(std::string_view json = "{}") {
    return chunk(envelope(json, 2)) + std::string(kLastChunk);
  }
  static std::string reply(std::string_view json) {
    return fmt::format(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
        json.size(), json);
  }
  template <typename Stream>
  static std::string next(Stream& stream) {
    std::string message;
    return stream.try_read(message) ? message : "none";
  }
};

TEST_F(ClientConnectStreams, AreReadAsTheyCome) {
  ServerStream<std::string> watching = relay().Watch("all");
  EXPECT_THAT(received(), AllOf(StartsWith("POST /relay.Relay/Watch HTTP/1.1\r\n"),
                                HasSubstr("\r\n\r\n" + envelope("\"all\""))));
  answer(head() + chunk(envelope("\"one\"")));
  EXPECT_EQ(next(watching), "one");
  EXPECT_EQ(next(watching), "none");
  EXPECT_EQ(watching.initial_metadata().get("etag"), "x");
  answer(chunk(envelope("\"two\"")) + end(R"({"metadata":{"took":["3ms"]}})"));
  EXPECT_EQ(next(watching), "two");
  EXPECT_EQ(next(watching), "none");
  EXPECT_TRUE(watching.status().ok()) << watching.status().to_string();
  EXPECT_EQ(watching.trailing_metadata().get("took"), "3ms");
  EXPECT_EQ(client().stats().calls_pending, 0u);
}

TEST_F(ClientConnectStreams, EndWithTheErrorOfTheServer) {
  ServerStream<std::string> watching = relay().Watch("all");
  received();
  answer(head() + chunk(envelope("\"one\"")) +
         end(R"({"error":{"code":"not_found","message":"no key"}})"));
  EXPECT_EQ(next(watching), "one");
  EXPECT_EQ(next(watching), "none");
  EXPECT_EQ(watching.status().code(), Code::kNotFound);
  EXPECT_THAT(std::string(watching.status().message()), HasSubstr("no key"));
}

TEST_F(ClientConnectStreams, UploadsHaveAResult) {
  ClientStream<std::string, std::int64_t> upload = relay().Upload();
  EXPECT_THAT(received(), HasSubstr("Transfer-Encoding: chunked\r\n"));
  EXPECT_TRUE(upload.try_write("one"));
  EXPECT_EQ(received(), chunk(envelope("\"one\"")));
  std::optional<Result<std::int64_t>> result;
  upload.finish_then([&](Result<std::int64_t> sum) { result.emplace(std::move(sum)); });
  EXPECT_EQ(received(), "0\r\n\r\n");
  answer(head() + chunk(envelope("23")) + end());
  ASSERT_TRUE(result && result->ok()) << result->status().to_string();
  EXPECT_EQ(**result, 23);
}

TEST_F(ClientConnectStreams, ThatHaveComeAreReadWhenTheirConnectionIsGone) {
  ServerStream<std::string> watching = relay().Watch("all");
  received();
  answer(head() + chunk(envelope("\"one\"")));
  server().close();
  loop.settle();
  EXPECT_EQ(watching.status().code(), Code::kUnavailable);
  EXPECT_EQ(next(watching), "one");
  EXPECT_EQ(next(watching), "none");
}

TEST_F(ClientConnectStreams, InBothDirectionsAreRefusedBeforeTheyAreSent) {
  BidiStream<std::string, std::string> chat = relay().Chat();
  loop.settle();
  EXPECT_EQ(chat.status().code(), Code::kUnimplemented);
  EXPECT_EQ(chat.status().handler_ran(), HandlerRan::kNo);
  EXPECT_EQ(received(), "");
}

TEST_F(ClientConnectStreams, AreReadToTheEndWhenTheirConnectionIsGone) {
  ServerStream<std::string> watching = relay().Watch("all");
  received();
  answer(head() + chunk(envelope("\"one\"")));
  server().close();
  loop.settle();
  EXPECT_EQ(next(watching), "one");
  EXPECT_EQ(next(watching), "none");
  EXPECT_EQ(watching.status().code(), Code::kUnavailable);
}

// HTTP/1.1 has no cancel. The next call has a connection of its own.
TEST_F(ClientConnectStreams, ThatAreDroppedEndTheirConnection) {
  {
    ServerStream<std::string> watching = relay().Watch("all");
    received();
    answer(head() + chunk(envelope("\"one\"")));
    EXPECT_EQ(next(watching), "one");
  }
  loop.settle();
  EXPECT_TRUE(server().end_received());
  OutcomePtr<std::int64_t> call = multiply(6, 7);
  loop.settle();
  ASSERT_EQ(dialer->streams(), 2u);
  server(1).send(
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n42");
  loop.settle();
  ASSERT_TRUE(call->ok()) << call->message();
}

// The calls before the stream lose nothing; the next one has a connection of its own at once.
TEST_F(ClientConnectStreams, ThatAreGivenUpLeaveTheCallsBeforeThemTheirAnswers) {
  OutcomePtr<std::int64_t> first = multiply(2, 3);
  OutcomePtr<std::int64_t> second = multiply(4, 5);
  {
    ServerStream<std::string> watching = relay().Watch("all");
    loop.settle();
  }
  loop.settle();
  EXPECT_EQ(first->ends + second->ends, 0);
  EXPECT_FALSE(server().end_received());
  OutcomePtr<std::int64_t> next = multiply(6, 7);
  loop.settle();
  ASSERT_EQ(dialer->streams(), 2u);
  answer(reply("6"));
  ASSERT_TRUE(first->ok()) << first->message();
  EXPECT_FALSE(server().end_received());
  answer(reply("20"));
  ASSERT_TRUE(second->ok()) << second->message();
  EXPECT_EQ(second->value(), 20);
  EXPECT_TRUE(server().end_received());
  server(1).send(reply("42"));
  loop.settle();
  ASSERT_TRUE(next->ok()) << next->message();
  EXPECT_EQ(client().stats().calls_pending, 0u);
}

TEST_F(ClientConnectStreams, ThatRunOutOfTimeLeaveTheCallsBeforeThemTheirAnswers) {
  OutcomePtr<std::int64_t> first = multiply(2, 3);
  ClientStream<std::string, std::int64_t> upload = relay().Upload(within(1s));
  std::optional<Result<std::int64_t>> result;
  OutcomePtr<std::int64_t> next;
  loop.settle();
  EXPECT_TRUE(upload.try_write("one"));
  upload.finish_then([&](Result<std::int64_t> sum) {
    result.emplace(std::move(sum));
    next = multiply(6, 7);
  });
  loop.settle();
  loop.advance(1s);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status().code(), Code::kDeadlineExceeded);
  EXPECT_EQ(first->ends, 0);
  answer(reply("6"));
  ASSERT_TRUE(first->ok()) << first->message();
  EXPECT_TRUE(server().end_received());
  ASSERT_EQ(dialer->streams(), 2u);
  server(1).send(reply("42"));
  loop.settle();
  ASSERT_TRUE(next->ok()) << next->message();
}

// The loop has not heard of it when the next call starts, as it may be if that is on another
// thread.
TEST_F(ClientConnectStreams, ThatAreDroppedRefuseNoCallBehindThem) {
  {
    ServerStream<std::string> watching = relay().Watch("all");
    received();
    answer(head() + chunk(envelope("\"one\"")));
  }
  OutcomePtr<std::int64_t> call = multiply(6, 7, within(1s));
  loop.settle();
  EXPECT_TRUE(server().end_received());
  ASSERT_EQ(dialer->streams(), 2u);
  server(1).send(reply("42"));
  loop.settle();
  ASSERT_TRUE(call->ok()) << call->message();
  EXPECT_EQ(client().stats().calls_pending, 0u);
  EXPECT_EQ(client().stats().timers, 0u);
}

TEST_F(ClientConnectStreams, ThatAreDroppedBesideTheirEndKeepTheConnection) {
  OutcomePtr<std::int64_t> call;
  {
    ServerStream<std::string> watching = relay().Watch("all");
    received();
    answer(head() + chunk(envelope("\"one\"")));
    server().send(end());
  }
  call = multiply(6, 7);
  EXPECT_THAT(received(), StartsWith("POST /arith.Arith/Multiply"));
  answer(reply("42"));
  ASSERT_TRUE(call->ok()) << call->message();
  EXPECT_EQ(dialer->streams(), 1u);
}

TEST_F(ClientConnectStreams, ThatAreLostWhenTheyAreDroppedMakeRoomAllTheSame) {
  OutcomePtr<std::int64_t> call;
  {
    ServerStream<std::string> watching = relay().Watch("all");
    received();
    answer(head() + chunk(envelope("\"one\"")));
    server().close();
  }
  call = multiply(6, 7);
  loop.settle();
  ASSERT_EQ(dialer->streams(), 2u);
  server(1).send(reply("42"));
  loop.settle();
  ASSERT_TRUE(call->ok()) << call->message();
}

// What the program cannot send ends its stream, too.
TEST_F(ClientConnectStreams, ThatTheProgramHasBrokenRefuseNoCallBehindThem) {
  ClientStream<std::string, std::int64_t> upload = relay().Upload();
  received();
  EXPECT_FALSE(upload.try_write("\xff"));
  OutcomePtr<std::int64_t> call = multiply(6, 7);
  loop.settle();
  ASSERT_EQ(dialer->streams(), 2u);
  server(1).send(reply("42"));
  loop.settle();
  ASSERT_TRUE(call->ok()) << call->message();
}

// The connection ends all the same: with the server's, or when nobody waits for an answer any more.
TEST_F(ClientConnectStreams, ThatAreGivenUpWaitForNoAnswerThatNobodyWaitsFor) {
  OutcomePtr<std::int64_t> first = multiply(2, 3, within(2s));
  {
    ServerStream<std::string> watching = relay().Watch("all");
    loop.settle();
  }
  loop.settle();
  EXPECT_FALSE(server().end_received());
  loop.advance(2s);
  EXPECT_EQ(first->code(), Code::kDeadlineExceeded);
  EXPECT_TRUE(server().end_received());
  OutcomePtr<std::int64_t> second = multiply(2, 3);
  {
    ServerStream<std::string> watching = relay().Watch("all");
    loop.settle();
  }
  loop.settle();
  server(1).close();
  loop.settle();
  EXPECT_EQ(second->code(), Code::kUnavailable);
  EXPECT_EQ(second->ran(), HandlerRan::kUnknown);
  EXPECT_EQ(client().stats().calls_pending, 0u);
}

TEST_F(ClientConnectStreams, EndWithTheLastEnvelopeThoughTheBodyGoesOn) {
  ServerStream<std::string> watching = relay().Watch("all");
  received();
  answer(head() + chunk(envelope("\"one\"")) +
         chunk(envelope(R"({"error":{"code":"not_found","message":"no key"}})", 2)));
  EXPECT_EQ(next(watching), "one");
  EXPECT_EQ(next(watching), "none");
  EXPECT_EQ(watching.status().code(), Code::kNotFound);
  EXPECT_EQ(client().stats().calls_pending, 0u);
  OutcomePtr<std::int64_t> call = multiply(6, 7);
  EXPECT_THAT(received(), StartsWith("POST /arith.Arith/Multiply"));
  answer(kLastChunk);
  answer(reply("42"));
  ASSERT_TRUE(call->ok()) << call->message();
  EXPECT_EQ(dialer->streams(), 1u);
}

TEST_F(ClientConnectStreams, ThatHaveEndedAreNotHarmedByWhatComesBehindTheEnd) {
  ServerStream<std::string> watching = relay().Watch("all");
  received();
  answer(head() + chunk(envelope("\"one\"")) + chunk(envelope("{}", 2)));
  OutcomePtr<std::int64_t> call = multiply(6, 7);
  received();
  answer(chunk(envelope("\"two\"")));
  EXPECT_EQ(next(watching), "one");
  EXPECT_EQ(next(watching), "none");
  EXPECT_TRUE(watching.status().ok()) << watching.status().to_string();
  EXPECT_TRUE(server().end_received());
  EXPECT_EQ(call->code(), Code::kUnavailable);
  EXPECT_EQ(call->ran(), HandlerRan::kUnknown);
  EXPECT_THAT(call->message(), HasSubstr("goes on behind the end of the stream"));
}

TEST_F(ClientConnectStreams, HaveTheConnectionForThemselves) {
  ServerStream<std::string> watching = relay().Watch("all");
  received();
  OutcomePtr<std::int64_t> call = multiply(6, 7);
  loop.settle();
  EXPECT_EQ(call->code(), Code::kResourceExhausted);
  EXPECT_EQ(call->ran(), HandlerRan::kNo);
  EXPECT_THAT(call->message(), HasSubstr("a stream has the connection until it ends"));
  answer(head() + end());
  EXPECT_EQ(next(watching), "none");
  multiply(6, 7);
  EXPECT_THAT(received(), StartsWith("POST /arith.Arith/Multiply"));
}

// There is no credit: what nobody takes is left with the kernel.
TEST_F(ClientConnectStreams, ThatAreNotTakenAreNotReadBeyondAWindow) {
  ServerStream<std::string> watching = relay().Watch("all");
  received();
  answer(head());
  const std::string message = "\"" + std::string(10'000, 'x') + "\"";
  for (int i = 0; i < 100; ++i) answer(chunk(envelope(message)));
  const std::size_t left = dialer->client(0).unread();
  EXPECT_GT(left, 500'000u);
  int taken = 0;
  std::string seen;
  for (int turn = 0; turn < 200 && taken < 100; ++turn) {
    while (watching.try_read(seen)) ++taken;
    loop.settle();
  }
  EXPECT_EQ(taken, 100);
  EXPECT_EQ(dialer->client(0).unread(), 0u);
  answer(end());
  EXPECT_EQ(next(watching), "none");
  EXPECT_TRUE(watching.status().ok());
}

TEST_F(ClientConnectStreams, AreLostIfTheServerLeavesInAMessage) {
  ServerStream<std::string> watching = relay().Watch("all");
  received();
  answer(head() + chunk(envelope("\"one\"")) + "a\r\n" + envelope("\"two\"").substr(0, 7));
  server().close();
  loop.settle();
  EXPECT_EQ(next(watching), "one");
  EXPECT_EQ(next(watching), "none");
  EXPECT_EQ(watching.status().code(), Code::kUnavailable);
  EXPECT_EQ(client().stats().calls_pending, 0u);
}

TEST_F(ClientConnectStreams, CanBeCancelledByTheCallbackThatReads) {
  ServerStream<std::string> watching = relay().Watch("all");
  received();
  std::string message;
  watching.then(message, [&](bool got) {
    EXPECT_TRUE(got);
    watching.cancel();
  });
  answer(head() + chunk(envelope("\"one\"") + envelope("\"two\"")));
  EXPECT_EQ(message, "one");
  EXPECT_EQ(next(watching), "none");
  EXPECT_EQ(watching.status().code(), Code::kCancelled);
  EXPECT_TRUE(server().end_received());
  EXPECT_EQ(client().stats().calls_pending, 0u);
}

TEST_F(ClientConnectStreams, EndWithTheirConnectionIfTheAnswerIsNone) {
  ServerStream<std::string> watching = relay().Watch("all");
  received();
  answer(head() + chunk(envelope("x", 1)));
  EXPECT_EQ(next(watching), "none");
  EXPECT_EQ(watching.status().code(), Code::kInternal);
  EXPECT_THAT(std::string(watching.status().message()), HasSubstr("a message is compressed"));
  EXPECT_TRUE(server().end_received());
}

}  // namespace
}  // namespace tern::test
