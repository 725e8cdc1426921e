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
