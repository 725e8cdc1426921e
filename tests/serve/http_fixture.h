// A server on streams in memory, and a client that writes HTTP by hand.
#pragma once

#include <fmt/format.h>

#include <memory>
#include <string>
#include <string_view>

#include "serve/server_fixture.h"

namespace tern::test {

// One response, as far as the tests look at it.
struct HttpAnswer {
  int status = 0;    // 0: none has come
  std::string head;  // with the empty line
  std::string body;

  bool has(std::string_view header) const { return head.find(header) != std::string::npos; }
};

class HttpFixture : public ServerFixture {
 protected:
  std::unique_ptr<Peer> open() { return connect_silent(); }

  static std::string post(std::string_view path, std::string_view body,
                          std::string_view headers = "") {
    return fmt::format(
        "POST {} HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n{}"
        "Content-Length: {}\r\n\r\n{}",
        path, headers, body.size(), body);
  }
  static std::string echo(std::string_view text, std::string_view headers = "") {
    return post("/sample.Sample/Echo", fmt::format("\"{}\"", text), headers);
  }
  static std::string bare(std::string_view verb, std::string_view path,
                          std::string_view headers = "") {
    return fmt::format("{} {} HTTP/1.1\r\nHost: here\r\n{}\r\n", verb, path, headers);
  }

  // What comes back for `bytes`, all of it.
  std::string exchange(Peer& peer, std::string_view bytes) {
    peer.send(bytes);
    settle();
    return peer.end().take_received();
  }
  // The first response in `text`, which is taken off it.
  static HttpAnswer take_answer(std::string& text, bool head_only = false) {
    HttpAnswer answer;
    std::size_t end = text.find("\r\n\r\n");
    if (end == std::string::npos) return answer;
    answer.head = text.substr(0, end + 4);
    text.erase(0, end + 4);
    answer.status = std::stoi(answer.head.substr(9, 3));
    std::size_t at = answer.head.find("Content-Length: ");
    if (at == std::string::npos || head_only) return answer;
    std::size_t length = std::stoul(answer.head.substr(at + 16));
    answer.body = text.substr(0, length);
    text.erase(0, length);
    return answer;
  }
  // The one response to `bytes`, on a connection of its own.
  HttpAnswer ask(std::string_view bytes) {
    auto peer = open();
    std::string received = exchange(*peer, bytes);
    HttpAnswer answer = take_answer(received);
    EXPECT_EQ(received, "");
    return answer;
  }
};

}  // namespace tern::test
