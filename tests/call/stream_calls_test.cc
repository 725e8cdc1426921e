// Streams of a client and a server together. What one writes reaches the other through the test's
// hands, in pieces if it likes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <chrono>
#include <limits>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "call/arith.h"
#include "call/relay_service.h"
#include "support/fake_dialer.h"
#include "support/memory_stream.h"
#include "support/test_loop.h"
#include "tern/client.h"
#include "tern/duplex.h"
#include "tern/io_pool.h"
#include "tern/server.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;
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
    server_->async_stop(0s, [&] { stopped = true; });
    while (!stopped) {
      advance(1s);
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

asio::awaitable<void> upload_all(Uploading& upload, std::vector<std::string> messages,
                                 std::optional<Result<std::int64_t>>& result) {
  co_await write_all(upload, std::move(messages));
  result.emplace(co_await upload.finish());
}

asio::awaitable<void> chat_all(Chatting& chat, std::vector<std::string> messages) {
  co_await write_all(chat, std::move(messages));
  chat.end_writing();
}

std::vector<std::string> texts() {
  return {"", "small", std::string(3'000'000, 'b'), "again", std::string(100'000, 'c')};
}

// --- Each kind ---

TEST_F(StreamCalls, GiveACallerWhatTheHandlerWrites) {
  Watching watching = relay().Watch("send 100 5000");
  Seen seen;
  asio::co_spawn(loop.io(), read_all(watching, seen), asio::detached);
  settle();
  ASSERT_TRUE(seen.ended);
  ASSERT_EQ(seen.messages.size(), 100u);
  for (const std::string& message : seen.messages) EXPECT_EQ(message, std::string(5000, 'm'));
  EXPECT_TRUE(watching.status().ok()) << watching.status().to_string();
  expect_nothing_left();
}

TEST_F(StreamCalls, GiveMessagesOfMegabytes) {
  Watching watching = relay().Watch("send 3 4000000");
  Seen seen;
  asio::co_spawn(loop.io(), read_all(watching, seen), asio::detached);
  settle();
  ASSERT_EQ(seen.messages.size(), 3u);
  EXPECT_EQ(seen.messages[2].size(), 4'000'000u);
  EXPECT_TRUE(watching.status().ok()) << watching.status().to_string();
}

TEST_F(StreamCalls, GiveAHandlerWhatTheCallerWrites) {
  Uploading upload = relay().Upload();
  std::optional<Result<std::int64_t>> result;
  asio::co_spawn(loop.io(), upload_all(upload, texts(), result), asio::detached);
  settle();
  ASSERT_TRUE(result && result->ok()) << (result ? result->status().to_string() : "no end");
  EXPECT_EQ(**result, 3'100'010);
  expect_nothing_left();
}

TEST_F(StreamCalls, GoBothWaysAtTheSameTime) {
  Chatting chat = relay().Chat();
  Seen seen;
  asio::co_spawn(loop.io(), read_all(chat, seen), asio::detached);
  asio::co_spawn(loop.io(), chat_all(chat, texts()), asio::detached);
  settle();
  EXPECT_TRUE(seen.ended);
  EXPECT_EQ(seen.messages, texts());
  EXPECT_TRUE(chat.status().ok()) << chat.status().to_string();
  expect_nothing_left();
}

TEST_F(StreamCalls, GiveWhatWasWrittenBeforeAnError) {
  Watching watching = relay().Watch("fail");
  Seen seen;
  asio::co_spawn(loop.io(), read_all(watching, seen), asio::detached);
  settle();
  EXPECT_EQ(seen.messages, std::vector<std::string>{"first"});
  EXPECT_EQ(watching.status().code(), Code::kNotFound);
  EXPECT_EQ(watching.status().message(), "no such thing");
}

TEST_F(StreamCalls, AreTheSameInPiecesOfEverySize) {
  for (std::size_t size : {std::size_t{1}, std::size_t{7}, std::size_t{31}, std::size_t{33}}) {
    Chatting chat = relay().Chat();
    Seen seen;
    asio::co_spawn(loop.io(), read_all(chat, seen), asio::detached);
    asio::co_spawn(loop.io(), chat_all(chat, {"one", "", std::string(2000, 'x')}), asio::detached);
    while (move(size)) {
    }
    EXPECT_TRUE(seen.ended);
    EXPECT_EQ(seen.messages.size(), 3u);
    EXPECT_TRUE(chat.status().ok()) << chat.status().to_string();
  }
}

// What a server calls on its caller can be a stream, too.
TEST_F(StreamCalls, GoBothWaysOnOneConnection) {
  Server answers(loop.pool());
  auto answering = std::make_shared<relay::RelayService>();
  ASSERT_TRUE(answers.add(answering).ok());
  serve_on_connections(options, answers);
  call_back_on_connections(server_options);
  Watching watching = relay().Watch("ask 50 30000");
  Seen seen;
  asio::co_spawn(loop.io(), read_all(watching, seen), asio::detached);
  settle();
  EXPECT_TRUE(seen.ended);
  EXPECT_EQ(seen.messages.size(), 50u);
  EXPECT_TRUE(watching.status().ok()) << watching.status().to_string();
  EXPECT_EQ(answering->running(), 0);
  EXPECT_EQ(dialer->streams(), 1u);
  expect_nothing_left();
  close_client();
  bool stopped = false;
  answers.async_stop(0s, [&] { stopped = true; });
  while (!stopped) {
    advance(1s);
    std::this_thread::yield();
  }
}

// A reader that stalls holds up no other stream.
TEST_F(StreamCalls, ThatNobodyReadsHoldUpNoOther) {
  std::vector<Watching> stalled;
  for (int i = 0; i < 20; ++i) stalled.push_back(relay().Watch("for ever"));
  settle();
  Watching watching = relay().Watch("send 100 10000");
  Seen seen;
  asio::co_spawn(loop.io(), read_all(watching, seen), asio::detached);
  settle();
  EXPECT_EQ(seen.messages.size(), 100u);
  EXPECT_TRUE(seen.ended);
}

// --- The end ---

TEST_F(StreamCalls, ThatAreCancelledEndTheirHandlers) {
  Watching watching = relay().Watch("for ever");
  settle();
  EXPECT_EQ(service->running(), 1);
  watching.cancel();
  settle();
  EXPECT_EQ(watching.status().code(), Code::kCancelled);
  expect_nothing_left();
}

TEST_F(StreamCalls, ThatAreDroppedEndTheirHandlers) {
  {
    Chatting chat = relay().Chat();
    EXPECT_FALSE(chat.try_write("too early"));
    settle();
    EXPECT_TRUE(chat.try_write("unread"));
    settle();
    EXPECT_EQ(service->running(), 1);
  }
  expect_nothing_left();
}

TEST_F(StreamCalls, EndAtTheirDeadlineOnBothSides) {
  CallOptions within;
  within.timeout = 5s;
  Watching watching = relay().Watch("for ever", within);
  settle();
  advance(5s);
  EXPECT_EQ(watching.status().code(), Code::kDeadlineExceeded);
  expect_nothing_left();
}

TEST_F(StreamCalls, EndWhenTheClientCloses) {
  Watching watching = relay().Watch("for ever");
  Chatting chat = relay().Chat();
  settle();
  close_client();
  settle();
  EXPECT_EQ(watching.status().code(), Code::kCancelled);
  EXPECT_EQ(chat.status().code(), Code::kCancelled);
  EXPECT_EQ(service->running(), 0);
}

TEST_F(StreamCalls, GoOnWhileTheServerDrainsAndEndWithIt) {
  Chatting chat = relay().Chat();
  settle();
  bool stopped = false;
  server().async_stop(10s, [&] { stopped = true; });
  settle();
  EXPECT_TRUE(chat.try_write("still here"));
  settle();
  std::string message;
  EXPECT_TRUE(chat.try_read(message));
  EXPECT_EQ(message, "still here");
  chat.end_writing();
  settle();
  EXPECT_FALSE(chat.try_read(message));
  EXPECT_TRUE(chat.status().ok()) << chat.status().to_string();
  advance(10s);
  EXPECT_TRUE(stopped);
}

// The connection is lost after each number of bytes: what was read is the beginning of what was
// written, and the end says so.
TEST_F(StreamCalls, SayThatTheyWereLostWhereverTheConnectionIsCut) {
  const std::vector<std::string> written = {"one", "two", std::string(20, 'x')};
  // Not everywhere in the handshake, which other tests cut.
  for (std::size_t at = 0;; at += at < 200 ? 7 : 1) {
    ASSERT_LT(at, 10'000u);
    Chatting chat = relay().Chat();
    Seen seen;
    asio::co_spawn(loop.io(), read_all(chat, seen), asio::detached);
    asio::co_spawn(loop.io(), chat_all(chat, written), asio::detached);
    const std::size_t before = bytes_moved();
    const int started = service->started();
    bool more = true;
    while (more && bytes_moved() - before < at) more = move(1);
    if (!more) {
      EXPECT_TRUE(seen.ended) << "after " << at << " bytes";
      EXPECT_EQ(seen.messages, written);
      EXPECT_TRUE(chat.status().ok()) << chat.status().to_string();
      break;
    }
    cut();
    ASSERT_TRUE(seen.ended) << "after " << at << " bytes";
    ASSERT_LE(seen.messages.size(), written.size());
    EXPECT_TRUE(std::equal(seen.messages.begin(), seen.messages.end(), written.begin()));
    const Status end = chat.status();
    if (!end.ok()) {
      ASSERT_EQ(end.code(), Code::kUnavailable) << "after " << at << " bytes: " << end.to_string();
      if (service->started() > started) {
        ASSERT_NE(end.handler_ran(), HandlerRan::kNo) << "after " << at << " bytes";
      }
    }
    EXPECT_EQ(service->running(), 0);
    loop.advance(10min);  // beyond the wait for the next attempt to connect
  }
  expect_nothing_left();
}

TEST_F(StreamCalls, LeaveNothingBehindWhateverBecomesOfThem) {
  std::mt19937 random(42);
  const auto below = [&](std::uint32_t most) { return random() % most; };
  options.limits.streams = 64;
  server_options.limits.streams = 32;  // so that some are refused
  struct Open {
    std::optional<Watching> watching;
    std::optional<Uploading> upload;
    std::optional<Chatting> chat;
  };
  std::vector<std::unique_ptr<Open>> open;
  std::string message;
  for (int step = 0; step < 10'000; ++step) {
    const std::size_t at = open.empty() ? 0 : below(static_cast<std::uint32_t>(open.size()));
    switch (below(10)) {
      case 0: {
        CallOptions call;
        if (below(4) == 0) call.timeout = std::chrono::milliseconds(1 + below(200));
        if (below(4) == 0) call.message_timeout = std::chrono::milliseconds(1 + below(200));
        auto fresh = std::make_unique<Open>();
        switch (below(4)) {
          case 0:
            fresh->watching.emplace(relay().Watch("send 20 3000", call));
            break;
          case 1:
            fresh->watching.emplace(relay().Watch(below(2) ? "for ever" : "fail", call));
            break;
          case 2:
            fresh->upload.emplace(relay().Upload(call));
            break;
          default:
            fresh->chat.emplace(relay().Chat(call));
            break;
        }
        open.push_back(std::move(fresh));
        break;
      }
      case 1:
      case 2:
      case 3: {
        if (open.empty()) break;
        const std::string text(below(8) == 0 ? below(200'000) : below(100), 't');
        if (open[at]->upload) open[at]->upload->try_write(text);
        if (open[at]->chat) open[at]->chat->try_write(text);
        break;
      }
      case 4:
      case 5:
        if (open.empty()) break;
        if (open[at]->watching) open[at]->watching->try_read(message);
        if (open[at]->chat) open[at]->chat->try_read(message);
        break;
      case 6:
        if (open.empty()) break;
        if (open[at]->chat) open[at]->chat->end_writing();
        if (open[at]->watching && below(3) == 0) open[at]->watching->cancel();
        break;
      case 7:
        if (open.empty()) break;
        open.erase(open.begin() + static_cast<std::ptrdiff_t>(at));
        break;
      case 8:
        loop.advance(std::chrono::milliseconds(below(20)));
        break;
      default:
        move(below(3) == 0 ? kAll : 1 + below(5000));
        break;
    }
    if (step % 2500 == 2499) cut();
  }
  open.clear();
  settle();
  loop.advance(10s);
  expect_nothing_left();
}

// --- Threads ---

TEST(StreamCallsOnThreads, OneMayReadWhileAnotherWrites) {
  IoPool pool(2);
  Server server(pool);
  ASSERT_TRUE(server.add(std::make_shared<relay::RelayService>()).ok());
  Result<Endpoint> at = server.listen("tcp@127.0.0.1:0");
  ASSERT_TRUE(at.ok());
  Client client(*at, pool);
  Chatting chat = relay::RelayStub(client).Chat();
  constexpr int kMessages = 3000;
  std::thread writer([&] {
    for (int i = 0; i < kMessages; ++i) {
      if (!chat.put(std::string(static_cast<std::size_t>(i % 700), 'p'))) return;
    }
    chat.end_writing();
  });
  int read = 0;
  std::string message;
  while (chat.get(message)) {
    EXPECT_EQ(message.size(), static_cast<std::size_t>(read % 700));
    ++read;
  }
  writer.join();
  EXPECT_EQ(read, kMessages);
  EXPECT_TRUE(chat.status().ok()) << chat.status().to_string();
}

TEST(StreamCallsOnThreads, AThreadThatWaitsWakesWhenTheClientCloses) {
  IoPool pool(1);
  Server server(pool);
  ASSERT_TRUE(server.add(std::make_shared<relay::RelayService>()).ok());
  Result<Endpoint> at = server.listen("tcp@127.0.0.1:0");
  ASSERT_TRUE(at.ok());
  auto client = std::make_unique<Client>(*at, pool);
  Chatting chat = relay::RelayStub(*client).Chat();
  ASSERT_TRUE(chat.put("one"));
  std::string message;
  ASSERT_TRUE(chat.get(message));
  std::thread reader([&] {
    std::string more;
    EXPECT_FALSE(chat.get(more));
  });
  client.reset();
  reader.join();
  EXPECT_EQ(chat.status().code(), Code::kCancelled);
}

}  // namespace
}  // namespace tern::test
