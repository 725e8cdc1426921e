// The calls of a client that speaks gRPC, with a server of HTTP/2 by hand.
#include <gmock/gmock.h>

#include <cstdint>
#include <string>
#include <tuple>

#include "call/client_grpc_fixture.h"

namespace tern::test {
namespace {

using testing::HasSubstr;

TEST_F(ClientGrpc, SaysWhatGrpcWants) {
  CallOptions call = within(1500ms);
  call.metadata.add("token", "t");
  call.metadata.add("raw-bin", std::string("\0\xff", 2));
  auto outcome = multiply(6, 7, call);
  exchange();
  const Http2Server::Request& request = server().request(1);
  EXPECT_EQ(request.field(":method"), "POST");
  EXPECT_EQ(request.field(":path"), "/arith.Arith/Multiply");
  EXPECT_EQ(request.field(":authority"), "127.0.0.1:7");
  EXPECT_EQ(request.field("te"), "trailers");
  EXPECT_EQ(request.field("content-type"), "application/grpc");
  EXPECT_EQ(request.field("grpc-accept-encoding"), "identity,gzip");
  EXPECT_EQ(request.field("grpc-timeout"), "1500000u");
  EXPECT_EQ(request.field("token"), "t");
  EXPECT_EQ(request.field("raw-bin"), "AP8");
  EXPECT_EQ(request.body, grpc_message("\x08\x06\x10\x07"));
  EXPECT_TRUE(request.ended);
  reply(1, number(42));
  EXPECT_EQ(outcome->ends, 1);
  EXPECT_EQ(outcome->value(), 42);
}

TEST_F(ClientGrpc, AnErrorHasItsCodeItsTextAndItsDetail) {
  auto outcome = watch(stub().Divide({1, 0}));
  exchange();
  // google.rpc.Status: 3, "100 %", and an Any of arith.DivideByZero with dividend 1.
  refuse(1, {{"grpc-status", "3"},
             {"grpc-message", "100 %25 caf%C3%A9 %zz"},
             {"grpc-status-details-bin",
              "CAMaLAomdHlwZS5nb29nbGVhcGlzLmNvbS9hcml0aC5EaXZpZGVCeVplcm8SAggB"}});
  EXPECT_EQ(outcome->code(), Code::kInvalidArgument);
  EXPECT_THAT(outcome->message(), HasSubstr("100 % caf\u00e9 %zz"));
  EXPECT_EQ(outcome->ran(), HandlerRan::kUnknown);
  const auto* zero = outcome->result->status().as<arith::DivideByZero>();
  ASSERT_NE(zero, nullptr);
  EXPECT_EQ(zero->dividend, 1);
}

TEST_F(ClientGrpc, StreamsAreReadAsTheyCome) {
  ServerStream<std::string> watching = relay().Watch("all");
  exchange();
  EXPECT_EQ(server().request(1).body, grpc_message(text("all")));
  Fields head = kHead;
  head.emplace_back("etag", "x");
  server().respond(1, head);
  server().send(1, grpc_message(text("one")));
  exchange();
  EXPECT_EQ(next(watching), "one");
  EXPECT_EQ(next(watching), "none");
  EXPECT_EQ(watching.initial_metadata().get("etag"), "x");
  server().send(1, grpc_message(text("two")));
  server().finish(1, {{"grpc-status", "0"}, {"took", "3ms"}});
  exchange();
  EXPECT_EQ(next(watching), "two");
  EXPECT_EQ(next(watching), "none");
  EXPECT_TRUE(watching.status().ok()) << watching.status().to_string();
  EXPECT_EQ(watching.trailing_metadata().get("took"), "3ms");
}

TEST_F(ClientGrpc, AStreamMayEndBeforeItsClientHasWrittenAll) {
  BidiStream<std::string, std::string> chat = relay().Chat();
  exchange();
  EXPECT_TRUE(chat.try_write("hello"));
  exchange();
  refuse(1, {{"grpc-status", "7"}, {"grpc-message", "go"}});
  EXPECT_EQ(chat.status().code(), Code::kPermissionDenied);
  EXPECT_TRUE(server().request(1).over);
  EXPECT_EQ(client().stats().calls_pending, 0u);
  EXPECT_EQ(client().stats().connects, 1u);
}

struct Wrong {
  const char* name;
  Fields head;
  std::string body;
  Fields trailers;
  Code code;
  const char* words;
};

class ClientGrpcWrong : public ClientGrpc, public testing::WithParamInterface<Wrong> {};

TEST_P(ClientGrpcWrong, EndsItsCallAndNoOther) {
  auto outcome = multiply(1, 2);
  auto other = multiply(3, 4);
  exchange();
  const Wrong& wrong = GetParam();
  server().respond(1, wrong.head);
  server().send(1, wrong.body);
  server().finish(1, wrong.trailers);
  exchange();
  ASSERT_EQ(outcome->ends, 1);
  EXPECT_EQ(outcome->code(), wrong.code) << outcome->message();
  EXPECT_THAT(outcome->message(), HasSubstr(wrong.words));
  reply(3, number(12));
  EXPECT_EQ(other->value(), 12);
}

INSTANTIATE_TEST_SUITE_P(
    Answers, ClientGrpcWrong,
    testing::Values(
        Wrong{"Proxy",
              {{":status", "502"}, {"content-type", "text/html"}},
              "<p>",
              {},
              Code::kUnavailable,
              "status 502 with content-type \"text/html\""},
        Wrong{"NoType", {{":status", "200"}}, "x", {}, Code::kUnknown, "content-type \"\""},
        Wrong{"Web",
              {{":status", "200"}, {"content-type", "application/grpc-web"}},
              "",
              kOk,
              Code::kUnknown,
              "application/grpc-web"},
        Wrong{
            "NoStatus", kHead, grpc_message("\x08\x02"), {}, Code::kUnknown, "without grpc-status"},
        Wrong{"NoMessage", kHead, "", kOk, Code::kUnimplemented, "sent no message"},
        Wrong{"TwoMessages", kHead, grpc_message("\x08\x02") + grpc_message("\x08\x02"), kOk,
              Code::kUnimplemented, "second message"},
        Wrong{"HalfAMessage", kHead, grpc_message("\x08\x02").substr(0, 6), kOk, Code::kInternal,
              "1 bytes before the end"},
        Wrong{"NotProtobuf", kHead, grpc_message("\xff"), kOk, Code::kInternal, "reply"},
        Wrong{"Flags", kHead, grpc_message("\x08\x02", 2), kOk, Code::kInternal, "flags"},
        Wrong{"Compressed", kHead, grpc_message("\x08\x02", 1), kOk, Code::kInternal, "compressed"},
        Wrong{"Encoding",
              {{":status", "200"}, {"content-type", "application/grpc"}, {"grpc-encoding", "br"}},
              grpc_message("\x08\x02", 1),
              kOk,
              Code::kInternal,
              "\"br\""},
        Wrong{"TooLong", kHead, std::string("\0\x7f\0\0\0", 5), kOk, Code::kResourceExhausted,
              "the limit is"},
        Wrong{"Code", kHead, "", {{"grpc-status", "99"}}, Code::kUnknown, ""}),
    [](const auto& wrong) { return std::string(wrong.param.name); });

TEST_F(ClientGrpc, AServerOfHttp1IsNamed) {
  auto outcome = multiply(1, 2);
  loop.settle();
  dialer->server(0).send("HTTP/1.1 400 Bad Request\r\n\r\n");
  loop.settle();
  EXPECT_EQ(outcome->code(), Code::kUnavailable);
  EXPECT_THAT(outcome->message(), HasSubstr("HTTP/1.1"));
}

TEST_F(ClientGrpc, MetadataThatNoFieldCanCarryIsRefused) {
  for (const auto& [key, value, words] :
       {std::tuple{"grpc-secret", "x", "gRPC's or HTTP's own"}, std::tuple{"a b", "x", "the key"},
        std::tuple{"name", "caf\xc3\xa9", "-bin"}}) {
    CallOptions call;
    call.metadata.add(key, value);
    auto outcome = multiply(1, 2, call);
    loop.settle();
    EXPECT_EQ(outcome->code(), Code::kInvalidArgument);
    EXPECT_EQ(outcome->ran(), HandlerRan::kNo);
    EXPECT_THAT(outcome->message(), HasSubstr(words));
  }
}

}  // namespace
}  // namespace tern::test
