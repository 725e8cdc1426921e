// A client that speaks gRPC, and a server of HTTP/2 by hand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "call/client_http2_fixture.h"
#include "wire/grpc/http2_client.h"

namespace tern::test {

inline const Fields kHead = {{":status", "200"}, {"content-type", "application/grpc"}};
inline const Fields kOk = {{"grpc-status", "0"}};

class ClientGrpc : public ClientHttp2 {
 protected:
  ClientGrpc() : ClientHttp2("grpc+tcp@127.0.0.1:7") {}

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
};

}  // namespace tern::test
