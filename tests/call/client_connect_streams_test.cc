// Streams of a client that speaks Connect over HTTP/1.1, and a server by hand.
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
