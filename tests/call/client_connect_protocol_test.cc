// A client that speaks Connect over HTTP/1.1, and a server by hand.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <string>

#include "call/client_fixture.h"

namespace tern::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class ClientConnectProtocol : public ClientTest {
 protected:
  ClientConnectProtocol() : ClientTest("connect+http@127.0.0.1:7") {}

  std::string received() { return dialer->server(0).take_received(); }
  void answer(std::string_view bytes) {
    dialer->server(0).send(bytes);
    loop.settle();
  }
  static std::string response(int status, std::string_view body,
                              std::string_view type = "application/json") {
    return fmt::format("HTTP/1.1 {} Some Words\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n{}",
                       status, type, body.size(), body);
  }
};

TEST_F(ClientConnectProtocol, PostsItsCalls) {
  auto call = multiply(6, 7);
  loop.settle();
  EXPECT_EQ(received(),
            "POST /arith.Arith/Multiply HTTP/1.1\r\nConnect-Protocol-Version: 1\r\n"
            "Host: 127.0.0.1:7\r\nContent-Type: application/json\r\n"
            "Content-Length: 13\r\n\r\n{\"A\":6,\"B\":7}");
  answer(response(200, "42"));
  ASSERT_TRUE(call->ok()) << call->message();
  EXPECT_EQ(call->value(), 42);
}

TEST_F(ClientConnectProtocol, QuotesIntegersThatADoubleCannotHold) {
  multiply(9007199254740993, 7);
  loop.settle();
  EXPECT_THAT(received(), HasSubstr(R"({"A":"9007199254740993","B":7})"));
}

TEST_F(ClientConnectProtocol, SendsItsTimeLimitAndMetadata) {
  CallOptions call = within(1500ms);
  call.metadata.add("x-token", "t");
  multiply(6, 7, std::move(call));
  loop.settle();
  std::string request = received();
  EXPECT_THAT(request, HasSubstr("\r\nConnect-Timeout-Ms: 1500\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\nx-token: t\r\n"));
}

TEST_F(ClientConnectProtocol, SendsNoMetadataThatWouldBreakOutOfItsHeader) {
  CallOptions with_metadata;
  with_metadata.metadata.add("x-token", "t\r\nContent-Length: 0");
  auto call = multiply(6, 7, std::move(with_metadata));
  loop.settle();
  EXPECT_EQ(call->ends, 1);
  EXPECT_EQ(call->ran(), HandlerRan::kNo);
  EXPECT_THAT(call->message(), HasSubstr("control character"));
}

TEST_F(ClientConnectProtocol, SendsManyRequestsAndTakesTheAnswersInTheirOrder) {
  auto first = multiply(1, 1);
  auto second = multiply(2, 2);
  auto third = multiply(3, 3);
  loop.settle();
  answer(response(200, "1") +
         "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
         "1\r\n2\r\n0\r\n\r\n" +
         response(200, "3"));
  EXPECT_EQ(first->value(), 1);
  EXPECT_EQ(second->value(), 2);
  EXPECT_EQ(third->value(), 3);
}

TEST_F(ClientConnectProtocol, TakesAnswersByteByByte) {
  StreamFaults bytewise;
  bytewise.read_size = 1;
  dialer->set_faults(bytewise);
  auto first = multiply(1, 1);
  auto second = multiply(2, 2);
  loop.settle();
  answer("HTTP/1.1 100 Continue\r\n\r\n" + response(200, "1") + response(200, "2"));
  EXPECT_EQ(first->value(), 1);
  EXPECT_EQ(second->value(), 2);
}

TEST_F(ClientConnectProtocol, TellsDeclaredErrorsApart) {
  auto call = watch(stub().Divide({8, 0}));
  loop.settle();
  answer(response(400, R"({"code":"invalid_argument","message":"divide by zero","details":[)"
                       R"({"type":"arith.DivideByZero","value":"CAg"}]})"));
  EXPECT_EQ(call->code(), Code::kInvalidArgument);
  EXPECT_EQ(call->message(), "divide by zero");
  const auto* error = call->result->status().as<arith::DivideByZero>();
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->dividend, 8);
}

TEST_F(ClientConnectProtocol, FailsWithoutADetailThatCannotBeRead) {
  auto call = watch(stub().Divide({8, 0}));
  loop.settle();
  answer(response(400, R"({"code":"invalid_argument","message":"divide by zero","details":[)"
                       R"({"type":"arith.DivideByZero","value":"eyJkaXZpZGVuZCI6OH0"}]})"));
  EXPECT_EQ(call->code(), Code::kInvalidArgument);
  EXPECT_THAT(call->message(), HasSubstr("divide by zero"));
  EXPECT_EQ(call->result->status().as<arith::DivideByZero>(), nullptr);
}

class ClientConnectInProtobuf : public ClientConnectProtocol {
 protected:
  ClientConnectInProtobuf() { options.codec = "application/proto"; }
};

TEST_F(ClientConnectInProtobuf, PostsItsCalls) {
  auto call = multiply(6, 7);
  loop.settle();
  EXPECT_EQ(received(),
            "POST /arith.Arith/Multiply HTTP/1.1\r\nConnect-Protocol-Version: 1\r\n"
            "Host: 127.0.0.1:7\r\nContent-Type: application/proto\r\n"
            "Content-Length: 4\r\n\r\n\x08\x06\x10\x07");
  answer(response(200, "\x08\x2a", "application/proto"));
  ASSERT_TRUE(call->ok()) << call->message();
  EXPECT_EQ(call->value(), 42);
}

TEST_F(ClientConnectInProtobuf, TakesABodyOfNoBytesForAMessage) {
  auto call = multiply(0, 7);
  loop.settle();
  answer(response(200, "", "application/proto"));
  ASSERT_TRUE(call->ok()) << call->message();
  EXPECT_EQ(call->value(), 0);
}

TEST_F(ClientConnectInProtobuf, ReadsErrorsInJson) {
  auto call = watch(stub().Divide({8, 0}));
  loop.settle();
  answer(response(400, R"({"code":"invalid_argument","message":"divide by zero","details":[)"
                       R"({"type":"arith.DivideByZero","value":"CAg="}]})"));
  const auto* error = call->result->status().as<arith::DivideByZero>();
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->dividend, 8);
}

TEST_F(ClientConnectInProtobuf, TakesNoAnswerInAnotherCodec) {
  for (std::string_view type : {"application/json", "application/connect+proto", "text/plain"}) {
    auto call = multiply(6, 7);
    loop.settle();
    answer(response(200, "42", type));
    EXPECT_EQ(call->code(), Code::kUnknown) << type;
    EXPECT_THAT(call->message(), HasSubstr(type)) << type;
  }
}

TEST_F(ClientConnectProtocol, TakesNoHandlersWordForAProofThatNoneRan) {
  auto not_found = multiply(6, 7);
  loop.settle();
  answer(response(404, R"({"code":"unimplemented","message":"no such method"})"));
  EXPECT_EQ(not_found->code(), Code::kUnimplemented);
  EXPECT_EQ(not_found->ran(), HandlerRan::kUnknown);
  auto not_allowed = multiply(6, 7);
  loop.settle();
  answer(response(405, R"({"code":"unimplemented","message":"not with GET"})"));
  EXPECT_EQ(not_allowed->code(), Code::kUnimplemented);
  EXPECT_EQ(not_allowed->ran(), HandlerRan::kNo);
}

TEST_F(ClientConnectProtocol, MakesTheBestOfOtherPeoplesErrors) {
  struct Case {
    int status;
    Code code;
  };
  for (const Case& one : {Case{404, Code::kUnimplemented}, Case{502, Code::kUnavailable},
                          Case{401, Code::kUnauthenticated}, Case{200, Code::kUnknown}}) {
    auto call = multiply(6, 7);
    loop.settle();
    answer(response(one.status, "<html>no\x01", "text/html"));
    EXPECT_EQ(call->code(), one.code);
    EXPECT_EQ(call->ran(), HandlerRan::kUnknown);
    EXPECT_EQ(call->message(), fmt::format("http: status {} with Content-Type \"text/html\": "
                                           "\"<html>no\\x01\"",
                                           one.status));
  }
}

TEST_F(ClientConnectProtocol, ClosesAConnectionThatCannotBeRead) {
  for (std::string_view bytes :
       {"HTTP/1.1 200 OK\r\n\r\n42", "HTTP/1.1 101 Switching\r\n\r\n", "nonsense\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n42",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"}) {
    auto call = multiply(6, 7);
    loop.settle();
    dialer->server(dialer->streams() - 1).send(bytes);
    loop.settle();
    EXPECT_EQ(call->ends, 1) << bytes;
    EXPECT_EQ(call->ran(), HandlerRan::kUnknown) << bytes;
    loop.advance(200s);
  }
}

TEST_F(ClientConnectProtocol, DropsAnAnswerThatComesLate) {
  auto late = multiply(1, 1, within(1s));
  loop.settle();
  loop.advance(1s);
  EXPECT_EQ(late->code(), Code::kDeadlineExceeded);
  auto next = multiply(2, 2);
  loop.settle();
  answer(response(200, "1") + response(200, "4"));
  EXPECT_EQ(next->value(), 4);
  EXPECT_EQ(late->ends, 1);
}

TEST_F(ClientConnectProtocol, MovesOnWhenTheServerClosesBehindAnAnswer) {
  auto first = multiply(1, 1);
  loop.settle();
  answer(
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
      "Content-Length: 1\r\n\r\n1");
  EXPECT_EQ(first->value(), 1);
  auto second = multiply(2, 2);
  loop.settle();
  ASSERT_EQ(dialer->streams(), 2u);
  EXPECT_THAT(dialer->server(1).take_received(), StartsWith("POST /arith.Arith/Multiply "));
}

// Nothing is answered behind it: calls that are there would wait for ever.
TEST_F(ClientConnectProtocol, EndsTheCallsBehindTheLastAnswerOfAServerThatCloses) {
  auto first = multiply(1, 1);
  auto second = multiply(2, 2);
  loop.settle();
  const std::string last =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
      "Content-Length: 1\r\n\r\n1";
  answer(last.substr(0, last.size() - 1));
  EXPECT_EQ(first->ends + second->ends, 0);
  answer(last.substr(last.size() - 1));
  EXPECT_EQ(first->value(), 1);
  ASSERT_EQ(second->ends, 1);
  EXPECT_EQ(second->code(), Code::kUnavailable);
  EXPECT_EQ(second->ran(), HandlerRan::kUnknown);
  EXPECT_TRUE(dialer->client(0).closed());
}

class ClientJsonRpcOverHttp : public ClientTest {
 protected:
  ClientJsonRpcOverHttp() : ClientTest("jsonrpc2+http@127.0.0.1:7") {}

  void answer(std::string_view body, int status = 200) {
    dialer->server(0).send(
        fmt::format("HTTP/1.1 {} X\r\nContent-Type: application/json\r\n"
                    "Content-Length: {}\r\n\r\n{}",
                    status, body.size(), body));
    loop.settle();
  }
};

TEST_F(ClientJsonRpcOverHttp, PostsItsCalls) {
  auto call = multiply(6, 7);
  loop.settle();
  std::string request = dialer->server(0).take_received();
  EXPECT_THAT(request, StartsWith("POST /rpc HTTP/1.1\r\nHost: 127.0.0.1:7\r\n"));
  EXPECT_THAT(request, HasSubstr("\"method\":\"Arith.Multiply\",\"params\":{\"A\":6,\"B\":7}"));
  answer("{\"jsonrpc\":\"2.0\",\"result\":42,\"id\":1}\n");
  ASSERT_TRUE(call->ok()) << call->message();
  EXPECT_EQ(call->value(), 42);
}

TEST_F(ClientJsonRpcOverHttp, TakesErrorsOfBothProtocols) {
  auto first = multiply(6, 7);
  auto second = multiply(6, 7);
  loop.settle();
  answer(R"({"jsonrpc":"2.0","error":{"code":-32601,"message":"no such method"},"id":1})");
  EXPECT_EQ(first->code(), Code::kUnimplemented);
  EXPECT_EQ(first->ran(), HandlerRan::kUnknown);
  answer("{}", 503);
  EXPECT_EQ(second->code(), Code::kUnavailable);
}

TEST_F(ClientJsonRpcOverHttp, TakesAnErrorWithoutAnIdForTheAnswer) {
  auto refused = multiply(6, 7);
  loop.settle();
  answer(R"({"jsonrpc":"2.0","error":{"code":-32000,"message":"too long",)"
         R"("data":{"code":"resource_exhausted","ran":"no"}},"id":null})",
         413);
  EXPECT_EQ(refused->code(), Code::kResourceExhausted);
  EXPECT_EQ(refused->ran(), HandlerRan::kNo);
  auto unread = multiply(6, 7);
  loop.settle();
  answer(R"({"jsonrpc":"2.0","error":{"code":-32700,"message":"not JSON"},"id":null})");
  EXPECT_EQ(unread->code(), Code::kInternal);
  EXPECT_THAT(unread->message(), HasSubstr("not JSON"));
}

TEST_F(ClientJsonRpcOverHttp, FailsACallWhoseResponseIsNoAnswerToIt) {
  for (std::string_view body : {"", "42", "{", "[]", R"({"jsonrpc":"2.0","result":42,"id":77})"}) {
    auto call = multiply(6, 7);
    loop.settle();
    answer(body);
    EXPECT_EQ(call->code(), Code::kInternal) << body;
    EXPECT_EQ(call->ran(), HandlerRan::kUnknown);
  }
}

TEST_F(ClientJsonRpcOverHttp, ReadsTheResponseBehindOneThatIsCutShort) {
  std::uint64_t id = 0;
  for (std::string_view body : {"42", "{", "{\"x\":\"", "[[", "{\"x\":\"\\"}) {
    auto cut = multiply(6, 7);
    auto good = multiply(6, 7);
    loop.settle();
    answer(body);
    EXPECT_EQ(cut->code(), Code::kInternal) << body;
    answer(fmt::format(R"({{"jsonrpc":"2.0","result":42,"id":{}}})", id += 2));
    EXPECT_TRUE(good->ok()) << body << ": " << good->message();
  }
}

}  // namespace
}  // namespace tern::test
