// A client over HTTP/2, and a server of HTTP/2 by hand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "call/client_fixture.h"
#include "call/relay.h"
#include "wire/grpc/http2_server.h"

namespace tern::test {

// RFC 9113, section 7.
inline constexpr std::uint32_t kProtocolError = 1;
inline constexpr std::uint32_t kRefusedStream = 7;
inline constexpr std::uint32_t kCancel = 8;
inline constexpr std::uint32_t kEnhanceYourCalm = 11;

class ClientHttp2 : public ClientTest {
 protected:
  explicit ClientHttp2(std::string_view address) : ClientTest(address) {}

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
