// A server on streams in memory, and nghttp2's client of gRPC.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "serve/stream_fixture.h"
#include "wire/grpc/http2_client.h"

namespace tern::test {

// google.protobuf.StringValue.
inline std::string string_value(std::string_view text) {
  std::string message = "\x0a";
  for (std::size_t size = text.size();; size >>= 7) {
    message += static_cast<char>(size < 0x80 ? size : size | 0x80);
    if (size < 0x80) break;
  }
  return message.append(text);
}

class GrpcFixture : public ServerFixture {
 protected:
  void connect(std::uint32_t window = 65535,
               Http2Client::Windows windows = Http2Client::Windows::kAtOnce) {
    if (!added_) {
      EXPECT_TRUE(server().add(feed_).ok());
    }
    added_ = true;
    client_ = std::make_unique<Http2Client>(window, windows);
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
  // A call with its messages, each behind its prefix.
  std::int32_t call(std::string_view path, std::string_view messages, const Fields& more = {}) {
    const std::int32_t stream = client_->begin(grpc_head(path, more));
    client_->send(stream, messages, true);
    return stream;
  }
  std::int32_t echo(std::string_view text, const Fields& more = {}) {
    return call("/sample.Sample/Echo", grpc_message(string_value(text)), more);
  }
  std::string_view field(std::int32_t stream, std::string_view name) {
    return client_->answer(stream).field(name);
  }
  std::string_view status(std::int32_t stream) { return field(stream, "grpc-status"); }

  FeedService& feed() { return *feed_; }
  Http2Client& client() { return *client_; }
  Peer& peer() { return *peer_; }

 private:
  std::shared_ptr<FeedService> feed_ = std::make_shared<FeedService>();
  bool added_ = false;
  std::unique_ptr<Http2Client> client_;
  std::unique_ptr<Peer> peer_;
};

}  // namespace tern::test
