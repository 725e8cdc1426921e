// The services of examples/streams, where their servers stop and their callers are slow.
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "room.h"
#include "store.h"
#include "tern/testing.h"

namespace {

using namespace std::chrono_literals;

class StreamsExample : public testing::Test {
 protected:
  StreamsExample() {
    EXPECT_TRUE(server_.add(store_).ok());
    EXPECT_TRUE(server_.add(chat_).ok());
  }

  // The server begins to stop; no time passes.
  void drain() {
    server_.server().async_stop(1h, [] {});
    server_.settle();
  }
  // The drain is over.
  void TearDown() override { server_.advance(2h); }

  static std::string heard(tern::BidiStream<streams::Line, streams::Line>& talk) {
    streams::Line line;
    return talk.try_read(line) ? line.text : "nothing";
  }

  std::shared_ptr<Store> store_ = std::make_shared<Store>();
  std::shared_ptr<ChatService> chat_ = std::make_shared<ChatService>();
  tern::TestServer server_;
};

TEST_F(StreamsExample, EndsEveryStreamWithoutAnEndWhenItsServerDrains) {
  streams::StoreStub store(server_.channel());
  streams::ChatStub chat(server_.channel());
  tern::ServerStream<streams::Change> watching = store.Watch(streams::WatchRequest(0));
  tern::BidiStream<streams::Line, streams::Line> talking = chat.Talk();
  tern::ServerStream<streams::Line> listening = chat.Listen();
  std::optional<tern::Result<streams::Change>> polled;
  tern::Call<streams::Change> poll = store.Next(streams::WatchRequest(7));
  poll.then([&](tern::Result<streams::Change> next) { polled.emplace(std::move(next)); });
  server_.settle();
  ASSERT_TRUE(store.Set(streams::Entry("key", "one")).get().ok());
  ASSERT_TRUE(chat.Say(streams::Line("ann", "hello")).get().ok());
  server_.settle();
  EXPECT_EQ(chat_->members(), 2u);
  drain();
  streams::Change change;
  EXPECT_TRUE(watching.try_read(change));
  EXPECT_FALSE(watching.try_read(change));
  EXPECT_EQ(watching.status().code(), tern::Code::kUnavailable) << watching.status().to_string();
  EXPECT_EQ(heard(talking), "hello");
  EXPECT_EQ(heard(talking), "nothing");
  EXPECT_EQ(talking.status().code(), tern::Code::kUnavailable) << talking.status().to_string();
  streams::Line line;
  EXPECT_TRUE(listening.try_read(line));
  EXPECT_FALSE(listening.try_read(line));
  EXPECT_EQ(listening.status().code(), tern::Code::kUnavailable) << listening.status().to_string();
  ASSERT_TRUE(polled);
  EXPECT_EQ(polled->status().code(), tern::Code::kUnavailable);
  EXPECT_EQ(chat_->members(), 0u);
  EXPECT_EQ(server_.server().stats().calls_running, 0u);
}

TEST_F(StreamsExample, PutsOutATalkerWhoHearsTooSlowly) {
  streams::ChatStub chat(server_.channel());
  tern::BidiStream<streams::Line, streams::Line> slow = chat.Talk();
  tern::ServerStream<streams::Line> slow_too = chat.Listen();
  server_.settle();
  EXPECT_EQ(chat_->members(), 2u);
  const std::string long_text(20'000, 'x');
  for (int i = 0; i < 30; ++i) {
    ASSERT_TRUE(chat.Say(streams::Line("bob", long_text)).get().ok());
  }
  server_.settle();
  EXPECT_EQ(chat_->members(), 0u);
  int lines = 0;
  streams::Line line;
  for (int turn = 0; turn < 30; ++turn, server_.settle()) {
    while (slow.try_read(line)) ++lines;
    while (slow_too.try_read(line)) {
    }
  }
  EXPECT_GT(lines, 0);
  EXPECT_LT(lines, 30);
  EXPECT_EQ(slow.status().code(), tern::Code::kResourceExhausted) << slow.status().to_string();
  EXPECT_EQ(slow_too.status().code(), tern::Code::kResourceExhausted);
}

TEST_F(StreamsExample, LetsATalkerLeave) {
  streams::ChatStub chat(server_.channel());
  tern::BidiStream<streams::Line, streams::Line> ann = chat.Talk();
  {
    tern::BidiStream<streams::Line, streams::Line> bob = chat.Talk();
    server_.settle();
    EXPECT_EQ(chat_->members(), 2u);
    EXPECT_TRUE(ann.try_write(streams::Line("ann", "hello")));
    server_.settle();
    EXPECT_EQ(heard(bob), "hello");
  }
  ann.end_writing();
  server_.settle();
  EXPECT_EQ(heard(ann), "hello");
  EXPECT_EQ(heard(ann), "nothing");
  EXPECT_TRUE(ann.status().ok()) << ann.status().to_string();
  EXPECT_EQ(chat_->members(), 0u);
}

}  // namespace
