// How a client comes through HTTP's CONNECT.
#include <gmock/gmock.h>

#include <string>

#include "call/client_fixture.h"

namespace tern::test {
namespace {

using testing::HasSubstr;

constexpr std::string_view kAccepted = "HTTP/1.0 200 Connected to Gee RPC\n\n";

class ClientHttpConnect : public ClientTest {
 protected:
  ClientHttpConnect() : ClientTest("http@127.0.0.1:7") {}

  std::string received() { return dialer->server(0).take_received(); }
};

TEST_F(ClientHttpConnect, SaysNothingElseUntilItIsAnswered) {
  auto call = multiply(6, 7);
  loop.settle();
  EXPECT_EQ(received(), "CONNECT /_geeprc_ HTTP/1.0\n\n");
  auto another = multiply(2, 3);
  loop.settle();
  EXPECT_EQ(received(), "");
  dialer->server(0).send(kAccepted);
  loop.settle();
  server().read_option();
  server().accept();
  std::vector<SentFrame> sent = server().read();
  ASSERT_EQ(sent.size(), 2u);
  for (const SentFrame& frame : sent) server().reply(frame.id, 6);
  loop.settle();
  EXPECT_TRUE(call->ok()) << call->message();
  EXPECT_TRUE(another->ok()) << another->message();
}

TEST_F(ClientHttpConnect, TakesItsAnswersByteByByte) {
  StreamFaults bytewise;
  bytewise.read_size = 1;
  dialer->set_faults(bytewise);
  auto call = multiply(6, 7);
  loop.settle();
  received();
  dialer->server(0).send(kAccepted);
  loop.settle();
  server().read_option();
  server().accept();
  server().reply(server().read().at(0).id, 42);
  loop.settle();
  ASSERT_TRUE(call->ok()) << call->message();
  EXPECT_EQ(call->value(), 42);
}

TEST_F(ClientHttpConnect, RefusedMeansNotCalled) {
  auto call = multiply(6, 7);
  loop.settle();
  dialer->server(0).send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
  loop.settle();
  EXPECT_EQ(call->ends, 1);
  EXPECT_EQ(call->ran(), HandlerRan::kNo);
  EXPECT_THAT(call->message(),
              HasSubstr("handshake: the server answers CONNECT with \"404 Not Found\""));
}

TEST_F(ClientHttpConnect, LostBeforeItsAnswerMeansNotSent) {
  auto call = multiply(6, 7);
  loop.settle();
  dialer->server(0).close();
  loop.settle();
  EXPECT_EQ(call->ends, 1);
  EXPECT_EQ(call->ran(), HandlerRan::kNo);
  EXPECT_THAT(call->message(), HasSubstr("connection lost before the request was sent"));
}

TEST_F(ClientHttpConnect, TimesOutWithoutAnAnswer) {
  options.connect_timeout = 3s;
  auto call = multiply(6, 7);
  loop.settle();
  loop.advance(3s);
  EXPECT_EQ(call->code(), Code::kUnavailable);
  EXPECT_EQ(call->ran(), HandlerRan::kNo);  // it has not even the request
}

class ClientHttpConnectPath : public ClientTest {
 protected:
  ClientHttpConnectPath() : ClientTest("http@127.0.0.1:7/_myrpc_") {}
};

TEST_F(ClientHttpConnectPath, IsTheAddresss) {
  multiply(6, 7);
  loop.settle();
  EXPECT_EQ(dialer->server(0).take_received(), "CONNECT /_myrpc_ HTTP/1.0\n\n");
}

}  // namespace
}  // namespace tern::test
