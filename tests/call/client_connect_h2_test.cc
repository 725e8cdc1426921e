// The calls of a client that speaks Connect over HTTP/2, with a server of HTTP/2 by hand.
#include <gmock/gmock.h>

#include <cstdint>
#include <string>
#include <tuple>

#include "call/client_connect_h2_fixture.h"

namespace tern::test {
namespace {

using testing::HasSubstr;

TEST_F(ClientConnectH2, SaysWhatConnectWants) {
  CallOptions call = within(1500ms);
  call.metadata.add("Token", " t ");
  auto outcome = multiply(6, 7, call);
  exchange();
  const Fields expected = {{":method", "POST"},
                           {":scheme", "http"},
                           {":authority", "127.0.0.1:7"},
                           {":path", "/arith.Arith/Multiply"},
                           {"content-type", "application/json"},
                           {"connect-protocol-version", "1"},
                           {"connect-timeout-ms", "1500"},
                           {"token", "t"}};
  EXPECT_EQ(server().request(1).head, expected);
  EXPECT_EQ(server().request(1).body, R"({"A":6,"B":7})");
  EXPECT_TRUE(server().request(1).ended);
  reply(1, "42");
  EXPECT_EQ(outcome->ends, 1);
  EXPECT_EQ(outcome->value(), 42);
}

TEST_F(ClientConnectH2, SpeaksProtobufWithItsCodec) {
  options.codec = "application/proto";
  auto outcome = multiply(6, 7);
  exchange();
  EXPECT_EQ(server().request(1).field("content-type"), "application/proto");
  EXPECT_EQ(server().request(1).body, "\x08\x06\x10\x07");
  respond(1, {{":status", "200"}, {"content-type", "application/proto"}}, "\x08\x2a");
  EXPECT_EQ(outcome->value(), 42);
}

TEST_F(ClientConnectH2, CallsAreAnsweredInAnyOrder) {
  auto first = multiply(1, 2);
  auto second = multiply(3, 4);
  exchange();
  reply(3, "12");
  EXPECT_EQ(second->value(), 12);
  EXPECT_EQ(first->ends, 0);
  reply(1, "2");
  EXPECT_EQ(first->value(), 2);
  EXPECT_EQ(client().stats().calls_pending, 0u);
}

TEST_F(ClientConnectH2, AnErrorHasItsCodeItsTextAndItsDetail) {
  auto outcome = watch(stub().Divide({8, 0}));
  exchange();
  refuse(1, "400",
         R"({"code":"invalid_argument","message":"divide by zero","details":[)"
         R"({"type":"arith.DivideByZero","value":"CAg"}]})");
  EXPECT_EQ(outcome->code(), Code::kInvalidArgument);
  EXPECT_EQ(outcome->message(), "divide by zero");
  EXPECT_EQ(outcome->ran(), HandlerRan::kUnknown);
  const auto* zero = outcome->result->status().as<arith::DivideByZero>();
  ASSERT_NE(zero, nullptr);
  EXPECT_EQ(zero->dividend, 8);
}

TEST_F(ClientConnectH2, AMethodThatIsNotThereHasNotRun) {
  auto outcome = multiply(1, 2);
  exchange();
  refuse(1, "415", R"({"code":"unimplemented","message":"no JSON here"})");
  EXPECT_EQ(outcome->code(), Code::kUnimplemented);
  EXPECT_EQ(outcome->ran(), HandlerRan::kNo);
}

TEST_F(ClientConnectH2, RepliesHaveTheMetadataOfTheirHeads) {
  Call<std::int64_t> call = stub().Multiply({1, 2});
  exchange();
  Fields head = kUnaryHead;
  head.emplace_back("etag", "x");
  respond(1, head, "2");
  EXPECT_TRUE(call.get().ok());
  EXPECT_EQ(call.reply_metadata().get("etag"), "x");
  EXPECT_EQ(call.reply_metadata().get("content-type"), "");
}

TEST_F(ClientConnectH2, AStreamThatWasRefusedHasNotRun) {
  auto refused = multiply(1, 2);
  auto reset = multiply(3, 4);
  auto calm = multiply(5, 6);
  exchange();
  server().reset(1, kRefusedStream);
  server().reset(3, kCancel);
  server().reset(5, kEnhanceYourCalm);
  exchange();
  EXPECT_EQ(refused->code(), Code::kUnavailable);
  EXPECT_EQ(refused->ran(), HandlerRan::kNo);
  EXPECT_EQ(reset->code(), Code::kCancelled);
  EXPECT_EQ(reset->ran(), HandlerRan::kUnknown);
  EXPECT_EQ(calm->code(), Code::kResourceExhausted);
  EXPECT_EQ(calm->ran(), HandlerRan::kUnknown);
}

TEST_F(ClientConnectH2, AStreamThatWasRefusedBehindItsHeadMayHaveRun) {
  auto outcome = multiply(1, 2);
  exchange();
  server().respond(1, kUnaryHead);
  exchange();
  server().reset(1, kRefusedStream);
  exchange();
  EXPECT_EQ(outcome->code(), Code::kUnavailable);
  EXPECT_EQ(outcome->ran(), HandlerRan::kUnknown);
}

TEST_F(ClientConnectH2, GoingAwayEndsWhatItsServerHasNotBegunAndLetsTheRestFinish) {
  auto begun = multiply(1, 2);
  auto late = multiply(3, 4);
  exchange();
  server().go_away(1, 0, "bye");
  exchange();
  EXPECT_EQ(late->code(), Code::kUnavailable);
  EXPECT_EQ(late->ran(), HandlerRan::kNo);
  EXPECT_EQ(begun->ends, 0);
  reply(1, "2");
  EXPECT_EQ(begun->value(), 2);
}

TEST_F(ClientConnectH2, CallsBeyondTheStreamsOfTheServerWait) {
  settings.streams = 1;
  exchange_settings();
  auto first = multiply(1, 2);
  auto second = multiply(3, 4);
  auto third = multiply(5, 6, within(1s));
  exchange();
  EXPECT_EQ(server().requests().size(), 2u);  // with the one that has brought the settings
  loop.advance(1s);
  EXPECT_EQ(third->code(), Code::kDeadlineExceeded);
  EXPECT_EQ(third->ran(), HandlerRan::kNo);
  reply(3, "2");
  EXPECT_EQ(first->value(), 2);
  reply(5, "12");
  EXPECT_EQ(second->value(), 12);
}

TEST_F(ClientConnectH2, ARequestThatWaitsForAWindowHasNotRunWhenTheConnectionIsLost) {
  settings.window = 3;
  exchange_settings();
  auto outcome = multiply(6, 7);
  exchange();
  EXPECT_EQ(server().request(3).body.size(), 3u);
  dialer->server(0).reset();
  loop.settle();
  EXPECT_EQ(outcome->code(), Code::kUnavailable);
  EXPECT_EQ(outcome->ran(), HandlerRan::kNo);
}

TEST_F(ClientConnectH2, ARequestThatHasLeftMayHaveRunWhenTheConnectionIsLost) {
  settings.window = 3;
  exchange_settings();
  auto outcome = multiply(6, 7);
  exchange();
  server().open_window(3, 100);
  exchange();
  EXPECT_TRUE(server().request(3).ended);
  dialer->server(0).reset();
  loop.settle();
  EXPECT_EQ(outcome->code(), Code::kUnavailable);
  EXPECT_EQ(outcome->ran(), HandlerRan::kUnknown);
}

TEST_F(ClientConnectH2, ADeadlineResetsTheStream) {
  auto outcome = multiply(1, 2, within(1s));
  exchange();
  loop.advance(1s);
  exchange();
  EXPECT_EQ(outcome->code(), Code::kDeadlineExceeded);
  EXPECT_EQ(outcome->ran(), HandlerRan::kUnknown);
  EXPECT_TRUE(server().request(1).over);
  EXPECT_EQ(server().request(1).reset, kCancel);
  auto next = multiply(3, 4);
  exchange();
  reply(3, "12");
  EXPECT_EQ(next->value(), 12);
}

TEST_F(ClientConnectH2, ACancelBehindTheDeadlineIsTheDeadlines) {
  exchange_settings();
  auto outcome = multiply(1, 2, within(1s));
  exchange();
  server().reset(3, kCancel);
  dialer->server(0).send(server().take_bytes());
  loop.clock().advance(1s);
  loop.settle();
  EXPECT_EQ(outcome->code(), Code::kDeadlineExceeded);
  EXPECT_EQ(outcome->ran(), HandlerRan::kUnknown);
}

// As often as gRPC's servers bear, since any server of HTTP/2 may count pings.
TEST_F(ClientConnectH2, ASilentServerIsAskedAndThenLeft) {
  options.keepalive_interval = 10s;
  options.keepalive_timeout = 5s;
  auto outcome = multiply(1, 2);
  exchange();
  loop.advance(299s);
  EXPECT_EQ(dialer->server(0).take_received(), "");
  loop.advance(1s);
  exchange();
  loop.advance(5s);
  EXPECT_EQ(outcome->ends, 0);
  loop.advance(295s);
  EXPECT_NE(dialer->server(0).take_received(), "");
  loop.advance(5s);
  EXPECT_EQ(outcome->code(), Code::kUnavailable);
  EXPECT_EQ(outcome->ran(), HandlerRan::kUnknown);
}

TEST_F(ClientConnectH2, MetadataThatNoFieldCanCarryIsRefused) {
  for (const auto& [key, value, words] :
       {std::tuple{"connect-secret", "x", "HTTP's own"}, std::tuple{"te", "x", "HTTP's own"},
        std::tuple{"a b", "x", "not a name"}, std::tuple{"token", "a\r\nb", "control character"}}) {
    CallOptions call;
    call.metadata.add(key, value);
    auto outcome = multiply(1, 2, call);
    loop.settle();
    EXPECT_EQ(outcome->code(), Code::kInvalidArgument);
    EXPECT_EQ(outcome->ran(), HandlerRan::kNo);
    EXPECT_THAT(outcome->message(), HasSubstr(words));
  }
}

TEST_F(ClientConnectH2, MetadataBeyondTheLimitIsNotSent) {
  options.limits.metadata_bytes = 100;
  CallOptions call;
  call.metadata.add("k", std::string(67, 'x'));
  auto exact = multiply(1, 2, call);
  call.metadata.add("k", "");
  auto beyond = multiply(1, 2, call);
  exchange();
  EXPECT_EQ(exact->ends, 0);
  EXPECT_EQ(beyond->code(), Code::kResourceExhausted);
  EXPECT_EQ(beyond->ran(), HandlerRan::kNo);
  EXPECT_THAT(beyond->message(), HasSubstr("133 bytes; the limit is 100"));
}

}  // namespace
}  // namespace tern::test
