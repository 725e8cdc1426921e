// What a server sends that no client can make sense of, in every protocol.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <string>

#include "call/client_fixture.h"
#include "tern/codegen/type_ops_of.h"
#include "wire/go/gob_server.h"

namespace tern::test {
namespace {

std::string text_of(const Buffer& buffer) {
  return std::string(as_text(buffer.view()));
}

// A reply to call 1 whose result is a string, and not a number.
std::string native_reply() {
  wire::native::ServerProtocol frames(native_codec(), Limits());
  wire::ReplyHead head;
  head.id = 1;
  const std::string text = "x";
  Buffer out;
  EXPECT_TRUE(frames.write_reply(head, type_ops<std::string>(), &text, out).ok());
  return text_of(out);
}

std::string gob_reply(wire::go::Dialect dialect) {
  wire::go::ServerProtocol frames(dialect, Limits());
  wire::ReplyHead head;
  head.id = 1;
  head.method = &arith::ArithStub::multiply();
  const std::string text = "x";
  Buffer out;
  EXPECT_TRUE(frames.write_reply(head, type_ops<std::string>(), &text, out).ok());
  return text_of(out);
}

std::string response(std::string_view body) {
  return fmt::format(
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
      body.size(), body);
}

struct Spoken {
  std::string name;
  std::string_view address;
  std::string_view codec = "application/x-tern";
  std::string greeting;    // the server's, before anything else
  std::string unreadable;  // no message of the protocol
  std::function<std::string()> undecodable;
};

void PrintTo(const Spoken& spoken, std::ostream* out) {
  *out << spoken.name;
}

std::vector<Spoken> all_protocols() {
  return {
      {"Frames", "tcp@127.0.0.1:7", "application/x-tern", WickedServer::accept_line(),
       std::string(64, '\xff'), native_reply},
      {"GeeRpcGob", "tcp@127.0.0.1:7", "application/gob", "", std::string(64, '\x01'),
       [] { return gob_reply(wire::go::Dialect::kGeeRpc); }},
      {"GeeRpcJson", "tcp@127.0.0.1:7", "application/json", "", "]",
       [] { return std::string("{\"ServiceMethod\":\"Arith.Multiply\",\"Seq\":1}\"x\""); }},
      {"GeeRpcJsonHeader", "tcp@127.0.0.1:7", "application/json", "", "{\"Seq\":\"one\"}",
       [] { return std::string("{\"ServiceMethod\":\"Arith.Multiply\",\"Seq\":1}[]"); }},
      {"NetRpc", "netrpc+tcp@127.0.0.1:7", "application/x-tern", "", std::string(64, '\x01'),
       [] { return gob_reply(wire::go::Dialect::kNetRpc); }},
      {"JsonRpc1", "jsonrpc+tcp@127.0.0.1:7", "application/x-tern", "", "]",
       [] { return std::string(R"({"id":1,"result":"x","error":null})"); }},
      {"JsonRpc2", "jsonrpc2+tcp@127.0.0.1:7", "application/x-tern", "", "HTTP/1.1 400 Bad\r\n",
       [] { return std::string(R"({"jsonrpc":"2.0","result":"x","id":1})"); }},
      {"JsonRpc2OverHttp", "jsonrpc2+http@127.0.0.1:7", "application/x-tern", "", "nonsense\r\n",
       [] { return response(R"({"jsonrpc":"2.0","result":"x","id":1})"); }},
      {"Connect", "connect+http@127.0.0.1:7", "application/x-tern", "", "nonsense\r\n",
       [] { return response("\"x\""); }},
  };
}

class ClientUnreadable : public ClientTest, public testing::WithParamInterface<Spoken> {
 protected:
  ClientUnreadable() : ClientTest(GetParam().address) { options.codec = GetParam().codec; }

  OutcomePtr<std::int64_t> answered_with(std::string_view bytes) {
    auto call = multiply(6, 7);
    loop.settle();
    dialer->server(0).send(GetParam().greeting);
    dialer->server(0).send(bytes);
    loop.settle();
    return call;
  }
};

TEST_P(ClientUnreadable, StreamsAreServersThatAreNotThere) {
  auto call = answered_with(GetParam().unreadable);
  ASSERT_EQ(call->ends, 1);
  EXPECT_EQ(call->code(), Code::kUnavailable) << call->message();
  EXPECT_EQ(call->ran(), HandlerRan::kUnknown);
  EXPECT_NE(call->message().find("what the server sends cannot be read"), std::string::npos)
      << call->message();
  EXPECT_TRUE(dialer->client(0).closed());
}

TEST_P(ClientUnreadable, ResultsAreMistakesOfTheServer) {
  auto call = answered_with(GetParam().undecodable());
  ASSERT_EQ(call->ends, 1);
  EXPECT_EQ(call->code(), Code::kInternal) << call->message();
  EXPECT_EQ(call->ran(), HandlerRan::kYes);
  EXPECT_TRUE(call->message().starts_with("arith.Arith/Multiply on ")) << call->message();
  EXPECT_FALSE(dialer->client(0).closed());
}

INSTANTIATE_TEST_SUITE_P(Protocols, ClientUnreadable, testing::ValuesIn(all_protocols()),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace tern::test
