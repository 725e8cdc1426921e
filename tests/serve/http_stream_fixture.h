// A server of streams, and a client that writes HTTP by hand.
#pragma once

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

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
  // --- What is true of streams, whatever the request is that asks for one ---

  void expect_cancelled_when_its_client_leaves(std::string_view watch) {
    auto peer = open();
    bool cancelled = false;
    feed().watch = [&](ServerContext& context, std::string, Writer<std::string>) -> Reply<void> {
      return [](ServerContext& call, bool& was) -> asio::awaitable<Result<void>> {
        co_await call.wait_cancelled();
        was = true;
        co_return Result<void>();
      }(context, cancelled);
    };
    say(*peer, watch);
    EXPECT_EQ(streams_open(), 1u);
    peer->end().close();
    settle();
    advance(std::chrono::seconds(1));
    settle();
    EXPECT_TRUE(cancelled);
    EXPECT_EQ(streams_open(), 0u);
  }
  // The request gives it half a second. `first`: "one", as the client reads it.
  void expect_ended_by_its_time(std::string_view watch, const std::string& first,
                                const std::string& end) {
    auto peer = open();
    feed().watch = [](ServerContext& context, std::string, Writer<std::string> out) -> Reply<void> {
      return [](ServerContext& call, Writer<std::string> to) -> asio::awaitable<Result<void>> {
        const std::string message = "one";
        co_await to.write(message);
        co_await call.wait_cancelled();
        co_return Result<void>();
      }(context, std::move(out));
    };
    EXPECT_THAT(say(*peer, watch), testing::EndsWith(chunk(first)));
    advance(std::chrono::milliseconds(500));
    settle();
    EXPECT_THAT(peer->end().take_received(),
                AllOf(testing::HasSubstr(end), testing::EndsWith(kLastChunk)));
  }
  void expect_wait_for_its_client_to_read(std::string_view watch) {
    auto peer = open();
    int written = 0;
    feed().watch = [&](ServerContext&, std::string, Writer<std::string> out) -> Reply<void> {
      return [](Writer<std::string> to, int& count) -> asio::awaitable<Result<void>> {
        const std::string message(10'000, 'x');
        while (count < 5000) {
          if (!co_await to.write(message)) co_return to.status();
          ++count;
        }
        co_return Result<void>();
      }(std::move(out), written);
    };
    peer->server_end().block_writes(true);
    peer->send(watch);
    settle();
    EXPECT_LT(written, 1000);
    peer->server_end().block_writes(false);
    settle();
    EXPECT_EQ(written, 5000);
    EXPECT_THAT(peer->end().take_received(), testing::EndsWith(kLastChunk));
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
