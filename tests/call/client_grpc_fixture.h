// A client that speaks gRPC, and a server of HTTP/2 by hand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "call/client_fixture.h"
#include "call/relay.h"
#include "wire/grpc/http2_client.h"
#include "wire/grpc/http2_server.h"

namespace tern::test {

// RFC 9113, section 7.
inline constexpr std::uint32_t kProtocolError = 1;
inline constexpr std::uint32_t kRefusedStream = 7;
inline constexpr std::uint32_t kCancel = 8;
inline constexpr std::uint32_t kEnhanceYourCalm = 11;

inline const Fields kHead = {{":status", "200"}, {"content-type", "application/grpc"}};
inline const Fields kOk = {{"grpc-status", "0"}};

class ClientGrpc : public ClientTest {
 protected:
  ClientGrpc() : ClientTest("grpc+tcp@127.0.0.1:7") {}

  relay::RelayStub relay() { return relay::RelayStub(client()); }
  // The server's end of a connection.
  Http2Server& server(std::size_t connection = 0) {
    std::unique_ptr<Http2Server>& here = servers_[connection];
    if (!here) here = std::make_unique<Http2Server>(settings);
    return *here;
  }
  // Until both are quiet.
  void exchange(std::size_t connection = 0) {
    for (;;) {
      loop.settle();
      const std::string bytes = dialer->server(connection).take_received();
      server(connection).receive(bytes);
      const std::string answer = server(connection).take_bytes();
      if (bytes.empty() && answer.empty()) return;
      dialer->server(connection).send(answer);
    }
  }
  // A first call, so that the client knows what the server takes.
  void exchange_settings() {
    auto first = multiply(1, 1);
    server();
    exchange();
    reply(1, number(1));
    EXPECT_EQ(first->value(), 1);
  }
  void reply(std::int32_t stream, std::string_view message, const Fields& trailers = kOk,
             std::size_t connection = 0) {
    server(connection).respond(stream, kHead);
    server(connection).send(stream, grpc_message(message));
    server(connection).finish(stream, trailers);
    exchange(connection);
  }
  // Trailers alone.
  void refuse(std::int32_t stream, const Fields& trailers) {
    Fields head = kHead;
    head.insert(head.end(), trailers.begin(), trailers.end());
    server().respond(stream, head, true);
    exchange();
  }
  static std::string number(char value) { return std::string("\x08") + value; }
  // StringValue.
  static std::string text(std::string_view value) {
    std::string out = "\x0a";
    std::size_t left = value.size();
    for (; left >= 0x80; left >>= 7) out += static_cast<char>(left | 0x80);
    out += static_cast<char>(left);
    return out.append(value);
  }
  template <typename Stream>
  static std::string next(Stream& stream) {
    std::string message;
    return stream.try_read(message) ? message : "none";
  }

  Http2Server::Settings settings;

 private:
  std::map<std::size_t, std::unique_ptr<Http2Server>> servers_;
};

}  // namespace tern::test
