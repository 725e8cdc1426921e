// Streams of a client and a server together. What one writes reaches the other through the test's
// hands, in pieces if it likes.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "call/relay_service.h"
#include "support/fake_dialer.h"
#include "support/memory_stream.h"
#include "support/test_loop.h"
#include "tern/client.h"
#include "tern/io_pool.h"
#include "tern/server.h"

namespace tern::test {

using Watching = ServerStream<std::string>;
using Uploading = ClientStream<std::string, std::int64_t>;
using Chatting = BidiStream<std::string, std::string>;

class StreamCalls : public testing::Test {
 protected:
  static constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

  StreamCalls() {
    options.dialer = dialer;
    options.random = [] { return 0.5; };
  }
  ~StreamCalls() override {
    client_.reset();
    settle();
    if (!server_) return;
    bool stopped = false;
    server_->async_stop(std::chrono::seconds(0), [&] { stopped = true; });
    while (!stopped) {
      advance(std::chrono::seconds(1));
      std::this_thread::yield();
    }
    server_.reset();
    loop.settle();
  }

  Server& server() {
    if (server_) return *server_;
    server_ = std::make_unique<Server>(loop.pool(), server_options);
    EXPECT_TRUE(server_->add(service).ok());
    return *server_;
  }
  Client& client() {
    if (!client_) client_ = std::make_unique<Client>("tcp@127.0.0.1:7", loop.pool(), options);
    return *client_;
  }
  relay::RelayStub relay() { return relay::RelayStub(client()); }
  void close_client() { client_.reset(); }

  // Moves what has been written to the other side, in each direction at most `most` bytes.
  bool move(std::size_t most = kAll) {
    loop.settle();
    while (wires_.size() < dialer->streams()) {
      wires_.emplace_back();
      server().serve(loop.loop(), wires_.back().link->right().open(loop.loop()));
    }
    bool moved = false;
    for (std::size_t i = 0; i < wires_.size(); ++i) {
      Wire& wire = wires_[i];
      if (wire.cut) continue;
      wire.to_server += dialer->server(i).take_received();
      wire.to_client += wire.link->left().take_received();
      moved = give(wire.to_server, most, wire.link->left()) || moved;
      moved = give(wire.to_client, most, dialer->server(i)) || moved;
      if (dialer->server(i).end_received() && wire.to_server.empty()) wire.link->left().close();
      if (wire.link->left().end_received() && wire.to_client.empty()) dialer->server(i).close();
    }
    loop.settle();
    return moved;
  }
  void settle() {
    while (move()) {
    }
  }
  void advance(Clock::Duration by) {
    loop.advance(by);
    settle();
  }
  // Both sides lose the connection.
  void cut() {
    for (std::size_t i = 0; i < wires_.size(); ++i) {
      if (std::exchange(wires_[i].cut, true)) continue;
      dialer->server(i).reset();
      wires_[i].link->left().reset();
    }
    settle();
  }
  void expect_nothing_left() {
    settle();
    const ClientStats stats = client().stats();
    EXPECT_EQ(stats.calls_pending, 0u);
    EXPECT_EQ(stats.streams, 0u);
    EXPECT_EQ(stats.timers, 0u);
    EXPECT_EQ(stats.unsent_bytes, 0u);
    EXPECT_EQ(server().stats().calls_running, 0u);
    EXPECT_EQ(server().stats().streams_open, 0u);
    EXPECT_EQ(service->running(), 0);
  }
  std::size_t bytes_moved() const { return bytes_moved_; }

  TestLoop loop;
  std::shared_ptr<FakeDialer> dialer = std::make_shared<FakeDialer>();
  std::shared_ptr<relay::RelayService> service = std::make_shared<relay::RelayService>();
  ClientOptions options;
  ServerOptions server_options;

 private:
  // Between the two.
  struct Wire {
    Wire() = default;
    std::unique_ptr<MemoryLink> link = std::make_unique<MemoryLink>();  // to the server
    std::string to_server;
    std::string to_client;
    bool cut = false;
  };

  bool give(std::string& waiting, std::size_t most, MemoryEnd& to) {
    const std::size_t size = std::min(most, waiting.size());
    if (size == 0) return false;
    to.send(std::string_view(waiting).substr(0, size));
    waiting.erase(0, size);
    bytes_moved_ += size;
    return true;
  }

  std::vector<Wire> wires_;
  std::size_t bytes_moved_ = 0;
  std::unique_ptr<Server> server_;
  std::unique_ptr<Client> client_;
};

// What a coroutine has read of a stream.
struct Seen {
  std::vector<std::string> messages;
  bool ended = false;
};

template <typename Stream>
asio::awaitable<void> read_all(Stream& stream, Seen& seen) {
  std::string message;
  while (co_await stream.read(message)) seen.messages.push_back(message);
  seen.ended = true;
}

template <typename Stream>
asio::awaitable<void> write_all(Stream& stream, std::vector<std::string> messages) {
  for (const std::string& message : messages) {
    if (!co_await stream.write(message)) co_return;
  }
}

inline asio::awaitable<void> upload_all(Uploading& upload, std::vector<std::string> messages,
                                        std::optional<Result<std::int64_t>>& result) {
  co_await write_all(upload, std::move(messages));
  result.emplace(co_await upload.finish());
}

inline asio::awaitable<void> chat_all(Chatting& chat, std::vector<std::string> messages) {
  co_await write_all(chat, std::move(messages));
  chat.end_writing();
}

inline std::vector<std::string> texts() {
  return {"", "small", std::string(3'000'000, 'b'), "again", std::string(100'000, 'c')};
}

}  // namespace tern::test
