// A server of streams, and a client that writes HTTP by hand.
#pragma once

#include <fmt/format.h>

#include <memory>
#include <string>
#include <string_view>

#include "serve/stream_fixture.h"
#include "support/http_stream_text.h"

namespace tern::test {

class HttpStreams : public StreamServer {
 protected:
  static std::string post(std::string_view method, std::string_view headers,
                          std::string_view body = "") {
    return fmt::format("POST /feed.Feed/{} HTTP/1.1\r\nHost: here\r\n{}\r\n{}", method, headers,
                       body);
  }
  static std::string watch(std::string_view argument, std::string_view headers = "") {
    const std::string body = envelope(fmt::format("\"{}\"", argument));
    return post("Watch",
                fmt::format("Content-Type: application/connect+json\r\n{}Content-Length: {}\r\n",
                            headers, body.size()),
                body);
  }
  static std::string upload() {
    return post("Upload",
                "Content-Type: application/connect+json\r\nTransfer-Encoding: chunked\r\n");
  }
  static std::string lines(std::string_view method, std::string_view argument) {
    return post(
        method,
        fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n", argument.size()),
        argument);
  }

  std::unique_ptr<Peer> open() {
    if (!opened_) connect_streams();  // which adds the service
    opened_ = true;
    return connect_silent();
  }
  std::string say(Peer& peer, std::string_view bytes) {
    peer.send(bytes);
    settle();
    return peer.end().take_received();
  }
  // The body's chunks, joined.
  static std::string body_of(std::string answer) {
    std::string body;
    std::size_t at = answer.find("\r\n\r\n") + 4;
    for (;;) {
      const std::size_t line = answer.find("\r\n", at);
      const std::size_t size = std::stoul(answer.substr(at, line - at), nullptr, 16);
      if (size == 0) return body;
      body += answer.substr(line + 2, size);
      at = line + 2 + size + 2;
    }
  }

 private:
  bool opened_ = false;
};

}  // namespace tern::test
