// Answers that a client of Connect over HTTP/2 does not expect.
#include <gmock/gmock.h>

#include <string>
#include <string_view>

#include "call/client_connect_h2_fixture.h"

namespace tern::test {
namespace {

using testing::HasSubstr;

struct Wrong {
  const char* name;
  Fields head;
  std::string body;
  Code code;
  const char* words;
};

class ClientConnectH2Wrong : public ClientConnectH2, public testing::WithParamInterface<Wrong> {};

TEST_P(ClientConnectH2Wrong, AnswersEndTheirCallsAndNoOthers) {
  auto outcome = multiply(1, 2);
  auto other = multiply(3, 4);
  exchange();
  const Wrong& wrong = GetParam();
  respond(1, wrong.head, wrong.body);
  ASSERT_EQ(outcome->ends, 1);
  EXPECT_EQ(outcome->code(), wrong.code) << outcome->message();
  EXPECT_THAT(outcome->message(), HasSubstr(wrong.words));
  reply(3, "12");
  EXPECT_EQ(other->value(), 12);
}

INSTANTIATE_TEST_SUITE_P(
    Unary, ClientConnectH2Wrong,
    testing::Values(Wrong{"Proxy",
                          {{":status", "502"}, {"content-type", "text/html"}},
                          "<p>",
                          Code::kUnavailable,
                          "status 502 with Content-Type \"text/html\": \"<p>\""},
                    Wrong{"NoType", {{":status", "200"}}, "2", Code::kUnknown, "Content-Type \"\""},
                    Wrong{"TwoTypes",
                          {{":status", "200"},
                           {"content-type", "application/json"},
                           {"content-type", "application/json"}},
                          "2",
                          Code::kUnknown,
                          "status 200"},
                    Wrong{"OtherType",
                          {{":status", "200"}, {"content-type", "application/proto"}},
                          "\x08\x02",
                          Code::kUnknown,
                          "application/proto"},
                    Wrong{"Envelopes", kStreamHead, envelope("2") + envelope("{}", 2),
                          Code::kUnknown, "application/connect+json"},
                    Wrong{"ErrorWithoutACode",
                          {{":status", "404"}, {"content-type", "application/json"}},
                          "{}",
                          Code::kUnimplemented,
                          "status 404"},
                    Wrong{"NotJson", kUnaryHead, "{", Code::kInternal, "reply"},
                    Wrong{"NoBody", kUnaryHead, "", Code::kInternal, "reply"}),
    [](const auto& wrong) { return std::string(wrong.param.name); });

class ClientConnectH2Limit : public ClientConnectH2 {
 protected:
  ClientConnectH2Limit() { options.limits.message_bytes = 100; }
};

TEST_F(ClientConnectH2Limit, IsOfTheBodyOfAReply) {
  auto exact = multiply(1, 2);
  auto beyond = multiply(3, 4);
  exchange();
  reply(1, "2" + std::string(99, ' '));
  EXPECT_EQ(exact->value(), 2);
  server().respond(3, kUnaryHead);
  server().send(3, "12" + std::string(99, ' '));
  exchange();
  EXPECT_EQ(beyond->code(), Code::kResourceExhausted);
  EXPECT_EQ(beyond->ran(), HandlerRan::kYes);
  EXPECT_THAT(beyond->message(), HasSubstr("longer than the limit, 100 bytes"));
  EXPECT_EQ(server().request(3).reset, kCancel);
}

// A proxy's page may be as long as it likes. It says nothing of the handler.
TEST_F(ClientConnectH2Limit, LeavesOfWhatIsNoReplyItsBeginning) {
  auto outcome = multiply(1, 2);
  exchange();
  server().respond(1, {{":status", "503"}, {"content-type", "text/html"}});
  server().send(1, "<p>sorry" + std::string(100'000, ' '));
  exchange();
  EXPECT_EQ(outcome->code(), Code::kUnavailable);
  EXPECT_EQ(outcome->ran(), HandlerRan::kUnknown);
  EXPECT_THAT(outcome->message(), HasSubstr("<p>sorry"));
}

TEST_F(ClientConnectH2, AHeadBeyondTheLimitEndsItsCall) {
  options.limits.metadata_bytes = 1000;
  auto outcome = multiply(1, 2);
  auto other = multiply(3, 4);
  exchange();
  Fields head = kUnaryHead;
  head.emplace_back("x", std::string(1000, 'x'));
  respond(1, head, "2");
  EXPECT_EQ(outcome->code(), Code::kResourceExhausted);
  EXPECT_EQ(outcome->ran(), HandlerRan::kUnknown);
  reply(3, "12");
  EXPECT_EQ(other->value(), 12);
}

TEST_F(ClientConnectH2, TrailersOfHttpEndAnAnswerAndSayNothing) {
  auto outcome = multiply(1, 2);
  exchange();
  server().respond(1, kUnaryHead);
  server().send(1, "2");
  server().finish(1, {{"grpc-status", "13"}});
  exchange();
  EXPECT_EQ(outcome->value(), 2);
}

TEST_F(ClientConnectH2, AReplyThatIsResetMayHaveRun) {
  auto outcome = multiply(1, 2);
  exchange();
  server().respond(1, kUnaryHead);
  server().send(1, "2");
  exchange();
  EXPECT_EQ(outcome->ends, 0);
  server().reset(1, kCancel);
  exchange();
  EXPECT_EQ(outcome->code(), Code::kCancelled);
  EXPECT_EQ(outcome->ran(), HandlerRan::kUnknown);
}

TEST_F(ClientConnectH2, AServerOfHttp1IsNamed) {
  auto outcome = multiply(1, 2);
  loop.settle();
  dialer->server(0).send("HTTP/1.1 400 Bad Request\r\n\r\n");
  loop.settle();
  EXPECT_EQ(outcome->code(), Code::kUnavailable);
  EXPECT_THAT(outcome->message(), HasSubstr("expected Connect's HTTP/2 with prior knowledge"));
}

TEST_F(ClientConnectH2, AHeadAloneIsAReplyWithoutAMessage) {
  auto outcome = multiply(1, 2);
  exchange();
  server().respond(1, kUnaryHead, true);
  exchange();
  EXPECT_EQ(outcome->code(), Code::kInternal);
}

}  // namespace
}  // namespace tern::test
