// How much of their replies servers of gRPC may send, and when.
#include <gtest/gtest.h>

#include <string>

#include "call/client_grpc_fixture.h"

namespace tern::test {
namespace {

constexpr std::size_t kFirstWindow = 64 * 1024;

class ClientGrpcWindows : public ClientGrpc {
 protected:
  // 2, behind a field that the client does not know.
  static std::string long_number(std::size_t size) {
    return "\x7a" + text(std::string(size, 'x')).substr(1) + number(2);
  }
  void send(std::int32_t stream, std::string_view bytes) {
    server().respond(stream, kHead);
    server().send(stream, bytes);
  }
  // What the server may send now, and the client's answer to it. How many bytes were sent.
  std::size_t round() {
    const std::string bytes = server().take_bytes();
    dialer->server(0).send(bytes);
    loop.settle();
    server().receive(dialer->server(0).take_received());
    return bytes.size();
  }
};

TEST_F(ClientGrpcWindows, OfALongReplyAreGrantedWhole) {
  constexpr std::size_t kReply = 1024 * 1024;
  exchange_settings();
  auto outcome = multiply(1, 2);
  exchange();
  send(3, grpc_message(long_number(kReply)));
  server().finish(3, kOk);
  EXPECT_LT(round(), kFirstWindow + 1000);
  EXPECT_GT(round(), kReply - kFirstWindow);
  EXPECT_EQ(outcome->value(), 2);
}

TEST_F(ClientGrpcWindows, OfRepliesThatHaveNoRoomTogetherWaitForTheFirst) {
  options.limits.chunked_bytes = 100'000;
  exchange_settings();
  auto first = multiply(1, 2);
  auto second = multiply(1, 2);
  auto third = multiply(1, 2);
  exchange();
  const std::string reply = grpc_message(long_number(300'000));
  send(3, reply.substr(0, 200'000));
  for (std::int32_t stream : {5, 7}) {
    send(stream, reply);
    server().finish(stream, kOk);
  }
  exchange();
  EXPECT_FALSE(second->ok() || third->ok());
  server().send(3, reply.substr(200'000));
  server().finish(3, kOk);
  exchange();
  EXPECT_EQ(first->value(), 2);
  EXPECT_EQ(second->value(), 2);
  EXPECT_EQ(third->value(), 2);
}

TEST_F(ClientGrpcWindows, OfACallThatIsCancelledAreAnothers) {
  options.limits.chunked_bytes = 100'000;
  exchange_settings();
  auto first = multiply(1, 2, within(std::chrono::seconds(1)));
  auto second = multiply(1, 2);
  exchange();
  const std::string reply = grpc_message(long_number(300'000));
  send(3, reply.substr(0, 200'000));
  send(5, reply);
  server().finish(5, kOk);
  exchange();
  EXPECT_FALSE(second->ok());
  loop.advance(std::chrono::seconds(1));
  EXPECT_EQ(first->code(), Code::kDeadlineExceeded);
  exchange();
  EXPECT_EQ(second->value(), 2);
}

}  // namespace
}  // namespace tern::test
