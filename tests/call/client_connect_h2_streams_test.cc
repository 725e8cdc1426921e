// The streams of a client that speaks Connect over HTTP/2, with a server of HTTP/2 by hand.
#include <gmock/gmock.h>

#include <optional>
#include <string>
#include <string_view>

#include "call/client_connect_h2_fixture.h"

namespace tern::test {
namespace {

using testing::HasSubstr;

class ClientConnectH2Streams : public ClientConnectH2 {
 protected:
  // The answer to the stream 1 begins.
  void begin() {
    server().respond(1, kStreamHead);
    exchange();
  }
  void end(std::string_view json = "{}") {
    server().send(1, last(json));
    server().finish(1, {});
    exchange();
  }
  static std::string words(const Status& status) { return std::string(status.message()); }
};

TEST_F(ClientConnectH2Streams, AreReadAsTheyCome) {
  ServerStream<std::string> watching = relay().Watch("all", within(2s));
  exchange();
  EXPECT_EQ(server().request(1).field("content-type"), "application/connect+json");
  EXPECT_EQ(server().request(1).field("connect-timeout-ms"), "2000");
  EXPECT_EQ(server().request(1).body, envelope("\"all\""));
  EXPECT_TRUE(server().request(1).ended);
  Fields head = kStreamHead;
  head.emplace_back("etag", "x");
  server().respond(1, head);
  send(1, envelope("\"one\""));
  EXPECT_EQ(next(watching), "one");
  EXPECT_EQ(next(watching), "none");
  EXPECT_EQ(watching.initial_metadata().get("etag"), "x");
  send(1, envelope("\"two\""));
  end(R"({"metadata":{"took":["3ms"]}})");
  EXPECT_EQ(next(watching), "two");
  EXPECT_EQ(next(watching), "none");
  EXPECT_TRUE(watching.status().ok()) << watching.status().to_string();
  EXPECT_EQ(watching.trailing_metadata().get("took"), "3ms");
  EXPECT_EQ(client().stats().calls_pending, 0u);
}

TEST_F(ClientConnectH2Streams, EndWithTheErrorOfTheServer) {
  ServerStream<std::string> watching = relay().Watch("all");
  exchange();
  begin();
  send(1, envelope("\"one\""));
  end(R"({"error":{"code":"not_found","message":"no key"},"metadata":{"took":["3ms"]}})");
  EXPECT_EQ(next(watching), "one");
  EXPECT_EQ(next(watching), "none");
  EXPECT_EQ(watching.status().code(), Code::kNotFound);
  EXPECT_EQ(watching.status().handler_ran(), HandlerRan::kUnknown);
  EXPECT_EQ(words(watching.status()), "no key");
  EXPECT_EQ(watching.trailing_metadata().get("took"), "3ms");
}

// Both write before either has ended, which HTTP/1.1 cannot do, and calls go beside them.
TEST_F(ClientConnectH2Streams, GoInBothDirectionsAtATime) {
  BidiStream<std::string, std::string> chat = relay().Chat();
  exchange();
  begin();
  for (std::string_view word : {"a", "b"}) {
    EXPECT_TRUE(chat.try_write(std::string(word)));
    exchange();
    EXPECT_THAT(server().request(1).body, HasSubstr(envelope("\"" + std::string(word) + "\"")));
    send(1, envelope("\"" + std::string(word) + "!\""));
    EXPECT_EQ(next(chat), std::string(word) + "!");
  }
  auto beside = multiply(3, 4);
  exchange();
  reply(3, "12");
  EXPECT_EQ(beside->value(), 12);
  chat.end_writing();
  exchange();
  EXPECT_TRUE(server().request(1).ended);
  end();
  EXPECT_EQ(next(chat), "none");
  EXPECT_TRUE(chat.status().ok()) << chat.status().to_string();
}

TEST_F(ClientConnectH2Streams, MayEndBeforeTheirClientsHaveWrittenAll) {
  BidiStream<std::string, std::string> chat = relay().Chat();
  exchange();
  EXPECT_TRUE(chat.try_write("hello"));
  exchange();
  begin();
  end(R"({"error":{"code":"permission_denied","message":"go"}})");
  EXPECT_EQ(chat.status().code(), Code::kPermissionDenied);
  EXPECT_TRUE(server().request(1).over);
  EXPECT_EQ(server().request(1).reset, 0u);
  EXPECT_EQ(client().stats().calls_pending, 0u);
  EXPECT_EQ(client().stats().connects, 1u);
}

TEST_F(ClientConnectH2Streams, ThatAreDroppedAreReset) {
  {
    ServerStream<std::string> watching = relay().Watch("all");
    exchange();
    begin();
  }
  exchange();
  EXPECT_TRUE(server().request(1).over);
  EXPECT_EQ(server().request(1).reset, kCancel);
  EXPECT_EQ(client().stats().connects, 1u);
}

// Servers count resets: one for each stream whose last envelope came in a frame before the end
// would make a client of many streams look like an attack.
TEST_F(ClientConnectH2Streams, EndWithTheirStreamsAndAreNotReset) {
  ServerStream<std::string> watching = relay().Watch("all");
  exchange();
  begin();
  send(1, last());
  EXPECT_EQ(client().stats().calls_pending, 1u);
  EXPECT_FALSE(server().request(1).over);
  server().finish(1, {});
  exchange();
  EXPECT_EQ(next(watching), "none");
  EXPECT_TRUE(watching.status().ok());
  EXPECT_EQ(server().request(1).reset, 0u);
}

TEST_F(ClientConnectH2Streams, KeepTheEndThatTheServerHasSaidBeforeItResetThem) {
  BidiStream<std::string, std::string> chat = relay().Chat();
  exchange();
  begin();
  send(1, last(R"({"error":{"code":"not_found"}})"));
  server().reset(1, 0);
  exchange();
  EXPECT_EQ(chat.status().code(), Code::kNotFound);
}

// A server whose deadline or end comes there has no word for it.
TEST_F(ClientConnectH2Streams, ThatAreResetWithinAMessageSaySo) {
  ServerStream<std::string> first = relay().Watch("all", within(1s));
  ServerStream<std::string> second = relay().Watch("all", within(1s));
  exchange();
  begin();
  send(1, envelope("\"one\"").substr(0, 7));
  server().respond(3, kStreamHead);
  send(3, envelope("\"one\"").substr(0, 7));
  server().reset(1, 2);
  exchange();
  EXPECT_EQ(first.status().code(), Code::kInternal);
  EXPECT_EQ(first.status().handler_ran(), HandlerRan::kUnknown);
  EXPECT_THAT(words(first.status()), HasSubstr("(INTERNAL_ERROR) within a message"));
  server().reset(3, 2);
  dialer->server(0).send(server().take_bytes());
  loop.clock().advance(1s);
  loop.settle();
  EXPECT_EQ(second.status().code(), Code::kDeadlineExceeded);
}

// What is in no message is nobody's to read and to grant.
TEST_F(ClientConnectH2Streams, EndWithAnErrorThatIsLongerThanTheirWindow) {
  const std::string text(300'000, 'x');
  ServerStream<std::string> first = relay().Watch("all");
  ServerStream<std::string> second = relay().Watch("all");
  exchange();
  begin();
  end(R"({"error":{"code":"not_found","message":")" + text + "\"}}");
  EXPECT_EQ(first.status().code(), Code::kNotFound);
  EXPECT_EQ(words(first.status()), text);
  refuse(3, "404", R"({"code":"not_found","message":")" + text + "\"}");
  EXPECT_EQ(second.status().code(), Code::kNotFound);
}

TEST_F(ClientConnectH2Streams, ThatAreNotReadStopTheirServers) {
  ServerStream<std::string> watching = relay().Watch("all");
  exchange();
  begin();
  const std::string message = envelope("\"" + std::string(10'000, 'x') + "\"");
  for (int i = 0; i < 100; ++i) send(1, message);
  end();
  EXPECT_EQ(client().stats().calls_pending, 1u);
  int taken = 0;
  std::string seen;
  for (int turn = 0; turn < 200 && taken < 100; ++turn) {
    while (watching.try_read(seen)) ++taken;
    exchange();
  }
  EXPECT_EQ(taken, 100);
  EXPECT_EQ(next(watching), "none");
  EXPECT_TRUE(watching.status().ok());
}

struct Wrong {
  const char* name;
  std::string body;
  Code code;
  const char* words;
};

class ClientConnectH2WrongStreams : public ClientConnectH2Streams,
                                    public testing::WithParamInterface<Wrong> {};

TEST_P(ClientConnectH2WrongStreams, EndAndLeaveOthersAlone) {
  ServerStream<std::string> watching = relay().Watch("all");
  exchange();
  auto other = multiply(3, 4);
  exchange();
  respond(1, kStreamHead, GetParam().body);
  while (next(watching) != "none") continue;
  EXPECT_EQ(watching.status().code(), GetParam().code) << watching.status().to_string();
  EXPECT_THAT(words(watching.status()), HasSubstr(GetParam().words));
  reply(3, "12");
  EXPECT_EQ(other->value(), 12);
  EXPECT_EQ(client().stats().connects, 1u);
}

INSTANTIATE_TEST_SUITE_P(
    Of, ClientConnectH2WrongStreams,
    testing::Values(
        Wrong{"NoEnd", envelope("\"one\""), Code::kInternal, "before the end of the stream"},
        Wrong{"Nothing", "", Code::kInternal, "before the end of the stream"},
        Wrong{"CutPrefix", envelope("\"one\"").substr(0, 3), Code::kInternal,
              "ended in an envelope"},
        Wrong{"CutMessage", envelope("\"one\"").substr(0, 7), Code::kInternal,
              "ended in an envelope"},
        Wrong{"CutEnd", envelope("{}", 2).substr(0, 6), Code::kInternal, "ended in an envelope"},
        Wrong{"EndIsNoJson", envelope("{", 2), Code::kInternal, "cannot be read"},
        Wrong{"Compressed", envelope("x", 1), Code::kInternal, "is compressed"},
        Wrong{"TooLong", std::string("\0\x7f\0\0\0", 5), Code::kResourceExhausted, "the limit is"},
        Wrong{"GoesOn", envelope("{}", 2) + envelope("\"one\""), Code::kInternal,
              "goes on behind the end"}),
    [](const auto& wrong) { return std::string(wrong.param.name); });

TEST_F(ClientConnectH2Streams, OfClientsHaveOneReply) {
  std::optional<Result<std::int64_t>> result;
  for (const auto& [stream, body, code] :
       {std::tuple{1, last(), Code::kUnimplemented},
        std::tuple{3, envelope("1") + envelope("2") + last(), Code::kInternal},
        std::tuple{5, envelope("1") + last(), Code::kOk}}) {
    ClientStream<std::string, std::int64_t> upload = relay().Upload();
    upload.finish_then([&](Result<std::int64_t> sum) { result.emplace(std::move(sum)); });
    exchange();
    respond(stream, kStreamHead, body);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->status().code(), code) << result->status().to_string();
    result.reset();
  }
}

}  // namespace
}  // namespace tern::test
