// Streams of a client and a server together end, and leave nothing behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "call/stream_calls_fixture.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

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

}  // namespace
}  // namespace tern::test
