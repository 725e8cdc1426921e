// A client that speaks Connect over HTTP/2, and a server of HTTP/2 by hand.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "call/client_http2_fixture.h"
#include "support/http_stream_text.h"

namespace tern::test {

inline const Fields kUnaryHead = {{":status", "200"}, {"content-type", "application/json"}};
inline const Fields kStreamHead = {{":status", "200"},
                                   {"content-type", "application/connect+json"}};

class ClientConnectH2 : public ClientHttp2 {
 protected:
  ClientConnectH2() : ClientHttp2("connect-h2+tcp@127.0.0.1:7") {}

  // A first call, so that the client knows what the server takes.
  void exchange_settings() {
    auto first = multiply(1, 1);
    server();
    exchange();
    reply(1, "1");
    EXPECT_EQ(first->value(), 1);
  }
  void respond(std::int32_t stream, const Fields& head, std::string_view body) {
    server().respond(stream, head);
    server().send(stream, body);
    server().finish(stream, {});
    exchange();
  }
  void reply(std::int32_t stream, std::string_view json) { respond(stream, kUnaryHead, json); }
  void refuse(std::int32_t stream, std::string_view status, std::string_view json) {
    respond(stream, {{":status", std::string(status)}, {"content-type", "application/json"}}, json);
  }
  // A part of the answer to a stream.
  void send(std::int32_t stream, std::string_view bytes) {
    server().send(stream, bytes);
    exchange();
  }
  static std::string last(std::string_view json = "{}") { return envelope(json, 2); }
};

}  // namespace tern::test
