// Streams of a client and a server together: what goes from one to the other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "call/stream_calls_fixture.h"
#include "tern/duplex.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

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
class StreamCallsBothWays : public StreamCalls {
 protected:
  void expect_them_to_work(const ClientOptions& calls) {
    Server answers(loop.pool());
    auto answering = std::make_shared<relay::RelayService>();
    ASSERT_TRUE(answers.add(answering).ok());
    serve_on_connections(options, answers);
    call_back_on_connections(server_options, calls);
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
};

TEST_F(StreamCallsBothWays, ShareAConnection) {
  expect_them_to_work(ClientOptions());
}

// The windows of the handshake hold, and not those of the options of the other direction.
TEST_F(StreamCallsBothWays, HaveTheWindowsOfTheHandshake) {
  server_options.limits.stream_window = 8 * 1024;
  ClientOptions calls;
  calls.limits.stream_window = 256 * 1024;
  expect_them_to_work(calls);
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

}  // namespace
}  // namespace tern::test
