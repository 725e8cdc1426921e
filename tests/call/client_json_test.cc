// Clients that speak JSON: what they send, and calls that end as the answers say.
#include <gtest/gtest.h>

#include <string>

#include "call/client_fixture.h"

namespace tern::test {
namespace {

class JsonClient : public ClientTest {
 protected:
  explicit JsonClient(std::string_view address) : ClientTest(address) {}

  std::string received() {
    loop.settle();
    return dialer->server(0).take_received();
  }
  void send(std::string_view text) {
    dialer->server(0).send(text);
    loop.settle();
  }
};

struct JsonRpc1Client : JsonClient {
  JsonRpc1Client() : JsonClient("jsonrpc+tcp@127.0.0.1:7") {}
};
struct JsonRpc2Client : JsonClient {
  JsonRpc2Client() : JsonClient("jsonrpc2+tcp@127.0.0.1:7") {}
};
struct GeeJsonClient : JsonClient {
  GeeJsonClient() : JsonClient("tcp@127.0.0.1:7") { options.codec = "application/json"; }
};

TEST_F(JsonRpc1Client, CallsWithoutAHandshake) {
  auto call = multiply(6, 7);
  EXPECT_EQ(received(),
            "{\"method\":\"Arith.Multiply\",\"params\":[{\"A\":6,\"B\":7}],\"id\":1}\n");
  send("{\"id\":1,\"result\":42,\"error\":null}\n");
  ASSERT_TRUE(call->ok()) << call->message();
  EXPECT_EQ(call->value(), 42);
}

TEST_F(JsonRpc1Client, SendsACallThatWaitedAsSoonAsThereIsAConnection) {
  auto call = multiply(6, 7, wait_for_ready());
  EXPECT_EQ(received(),
            "{\"method\":\"Arith.Multiply\",\"params\":[{\"A\":6,\"B\":7}],\"id\":1}\n");
}

TEST_F(JsonRpc1Client, GivesRepliesToTheirCallsInAnyOrder) {
  auto first = multiply(6, 7);
  auto second = multiply(2, 3);
  received();
  send("{\"id\":2,\"result\":6,\"error\":null}{\"id\":1,\"result\":42,\"error\":null}");
  EXPECT_EQ(first->value(), 42);
  EXPECT_EQ(second->value(), 6);
}

TEST_F(JsonRpc1Client, DropsRepliesWithoutACall) {
  auto call = multiply(6, 7);
  received();
  send("{\"id\":9,\"result\":1,\"error\":null}{\"id\":\"1\",\"result\":1,\"error\":null}");
  EXPECT_EQ(call->ends, 0);
  send("{\"id\":1,\"result\":42,\"error\":null}");
  EXPECT_EQ(call->value(), 42);
  EXPECT_EQ(client().stats().unknown_replies, 2u);
}

TEST_F(JsonRpc1Client, TakesNoTextForAProofThatNoHandlerRan) {
  auto call = multiply(6, 7);
  received();
  send("{\"id\":1,\"result\":null,\"error\":\"rpc: can't find service Arith.Multiply\"}");
  EXPECT_EQ(call->code(), Code::kUnimplemented);
  EXPECT_EQ(call->ran(), HandlerRan::kUnknown);
}

TEST_F(JsonRpc1Client, FailsItsCallsWhenTheServerTalksNonsense) {
  auto call = multiply(6, 7);
  received();
  send("]");
  EXPECT_EQ(call->ends, 1);
  EXPECT_EQ(call->ran(), HandlerRan::kUnknown);
}

TEST_F(JsonRpc2Client, TellsDeclaredErrorsApart) {
  auto call = watch(stub().Divide({1, 0}));
  EXPECT_EQ(
      received(),
      "{\"jsonrpc\":\"2.0\",\"method\":\"Arith.Divide\",\"params\":{\"A\":1,\"B\":0},\"id\":1}\n");
  send(
      "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32000,\"message\":\"divide by zero\",\"data\":{"
      "\"code\":\"invalid_argument\",\"type\":\"arith.DivideByZero\",\"detail\":{\"dividend\":1}}},"
      "\"id\":1}\n");
  ASSERT_EQ(call->ends, 1);
  const auto* error = call->result->status().as<arith::DivideByZero>();
  ASSERT_NE(error, nullptr) << call->message();
  EXPECT_EQ(error->dividend, 1);
  EXPECT_EQ(call->code(), Code::kInvalidArgument);
}

TEST_F(JsonRpc2Client, TakesNullWhereThereIsNoResult) {
  auto call = watch(stub().Reset());
  EXPECT_EQ(received(), "{\"jsonrpc\":\"2.0\",\"method\":\"Arith.Reset\",\"id\":1}\n");
  send("{\"jsonrpc\":\"2.0\",\"result\":null,\"id\":1}");
  EXPECT_TRUE(call->ok());
}

TEST_F(GeeJsonClient, PadsItsOptionForServersThatReadTooMuch) {
  auto call = multiply(6, 7);
  std::string sent = received();
  EXPECT_EQ(sent.find("{\"MagicNumber\""), sent.find_first_not_of(' '));
  EXPECT_EQ(sent.substr(512),
            "{\"ServiceMethod\":\"Arith.Multiply\",\"Seq\":1,\"Error\":\"\"}\n{\"A\":6,\"B\":7}\n");
  send("{\"ServiceMethod\":\"Arith.Multiply\",\"Seq\":1,\"Error\":\"\"}\n42\n");
  ASSERT_TRUE(call->ok()) << call->message();
  EXPECT_EQ(call->value(), 42);
}

TEST_F(GeeJsonClient, EndsACallWithTheTextOfItsError) {
  auto call = multiply(6, 7);
  received();
  send(
      "{\"ServiceMethod\":\"Arith.Multiply\",\"Seq\":1,\"Error\":\"rpc server: request handle "
      "timeout: expect within 1s\"}\n{}\n");
  EXPECT_EQ(call->code(), Code::kDeadlineExceeded);
}

}  // namespace
}  // namespace tern::test
