// What a server does with a connection of gRPC.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "serve/server_fixture.h"
#include "wire/grpc/http2_client.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

class GrpcSession : public ServerFixture {
 protected:
  void connect(std::uint32_t window = 65535) {
    client_ = std::make_unique<Http2Client>(window);
    peer_ = connect_silent();
    exchange();
  }
  // Until both are quiet.
  void exchange() {
    for (std::string bytes = client_->take_bytes();; bytes = client_->take_bytes()) {
      peer_->send(bytes);
      settle();
      const std::string answer = peer_->end().take_received();
      client_->receive(answer);
      if (answer.empty() && bytes.empty()) return;
    }
  }
  // What the server says, and nothing of the client.
  void listen() {
    settle();
    client_->receive(peer_->end().take_received());
  }
  std::int32_t echo(std::string_view text) {
    std::string message = "\x0a";  // of google.protobuf.StringValue
    for (std::size_t size = text.size();; size >>= 7) {
      message += static_cast<char>(size < 0x80 ? size : size | 0x80);
      if (size < 0x80) break;
    }
    const std::int32_t stream = client_->begin(grpc_head("/sample.Sample/Echo"));
    client_->send(stream, grpc_message(message.append(text)), true);
    return stream;
  }
  std::string_view status(std::int32_t stream) {
    return client_->answer(stream).field("grpc-status");
  }

  std::unique_ptr<Http2Client> client_;
  std::unique_ptr<Peer> peer_;
};

TEST_F(GrpcSession, AnswersACall) {
  connect();
  const std::int32_t stream = echo("hello");
  exchange();
  EXPECT_EQ(status(stream), "0") << client_->answer(stream).field("grpc-message");
  EXPECT_EQ(client_->answer(stream).body, grpc_message("\x0a\x05hello"));
}

TEST_F(GrpcSession, GoesOnWhileRepliesWaitForWindows) {
  options().limits.unsent_bytes = 1000;
  connect(0);
  for (int i = 0; i < 10; ++i) echo(std::string(1000, 'x'));
  peer_->send(client_->take_bytes());
  listen();
  EXPECT_TRUE(client_->answer(1).body.empty());
  connect(0);  // another one, which is not held up
  const std::int32_t stream = echo("");
  exchange();
  EXPECT_EQ(client_->answer(stream).field(":status"), "200");
}

TEST_F(GrpcSession, EndsWhenTooMuchWaitsForWindows) {
  options().limits.unsent_reply_bytes = 100'000;
  connect(0);
  for (int i = 0; i < 11; ++i) echo(std::string(10'000, 'x'));
  exchange();
  EXPECT_TRUE(peer_->end().end_received());
  EXPECT_EQ(refused("unsent replies"), 1u);
}

TEST_F(GrpcSession, HasItsRepliesBeforeAServerThatDrainsEnds) {
  connect(0);
  const std::int32_t stream = echo(std::string(1000, 'x'));
  exchange();
  begin_stop(60s);
  while (client_->goaways().empty()) listen();
  advance(5s);
  exchange();
  EXPECT_FALSE(peer_->end().end_received());
  EXPECT_FALSE(stopped());
  client_->open_window(stream, 10'000);
  exchange();
  EXPECT_EQ(status(stream), "0");
  advance(10s);  // the client had time to leave
  finish_stop();
  EXPECT_TRUE(peer_->end().end_received());
}

}  // namespace
}  // namespace tern::test
