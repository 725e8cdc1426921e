// A loop that is blocked is noticed, and who blocks it.
#include "serve/loop_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "serve/gate.h"
#include "serve/server_core.h"
#include "serve/server_fixture.h"
#include "serve/stream_fixture.h"
#include "support/message_log.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class LoopWatchTest : public testing::Test {
 protected:
  serve::LoopWatch::Rules rules() {
    serve::LoopWatch::Rules rules;
    rules.limit = 1s;
    rules.occupant = [](std::size_t loop) { return "by " + std::to_string(loop); };
    rules.report = [this](const std::string& line) { lines_.push_back(line); };
    return rules;
  }

  TestLoop loop_;
  std::vector<std::string> lines_;
  serve::LoopWatch watch_{{&loop_.loop()}, loop_.clock(), rules()};
};

TEST_F(LoopWatchTest, IsQuietWhileLoopsAnswerInTime) {
  for (int i = 0; i < 5; ++i) {
    watch_.check();
    loop_.clock().advance(900ms);
    watch_.check();
    loop_.settle();
    EXPECT_EQ(watch_.lag(0), 900ms);
  }
  EXPECT_THAT(lines_, ElementsAre());
}

TEST_F(LoopWatchTest, ReportsABlockedLoopOnceEachTime) {
  watch_.check();
  loop_.settle();
  for (int i = 0; i < 2; ++i) {
    watch_.check();
    for (int k = 0; k < 3; ++k) {
      loop_.clock().advance(1500ms);
      watch_.check();
    }
    EXPECT_EQ(watch_.lag(0), 4500ms);
    loop_.settle();
  }
  EXPECT_THAT(lines_, ElementsAre("tern: loop 0 has been blocked for 1.5s by 0",
                                  "tern: loop 0 has been blocked for 1.5s by 0"));
}

TEST_F(LoopWatchTest, TakesALoopThatWasNeverRunForNoBlockedOne) {
  watch_.check();
  loop_.clock().advance(10s);
  watch_.check();
  EXPECT_THAT(lines_, ElementsAre());
}

TEST_F(LoopWatchTest, DoesNotAskALoopThatHasBeenStopped) {
  watch_.check();
  loop_.settle();
  loop_.io().stop();
  watch_.check();
  loop_.clock().advance(10s);
  watch_.check();
  EXPECT_THAT(lines_, ElementsAre());
  loop_.io().restart();
}

// A server whose watch the test is.
class BlockedLoops : public testing::Test {
 protected:
  BlockedLoops() {
    ServerOptions options;
    options.log = [this](LogLevel level, std::string_view line) {
      EXPECT_EQ(level, LogLevel::kWarning);
      lines_.emplace_back(line);
    };
    options.interceptors = {seeing_};
    core_ = std::make_shared<serve::ServerCore>(loop_.pool(), options);
    EXPECT_TRUE(core_->add(service_).ok());
    EXPECT_TRUE(core_->add(feed_).ok());
    core_->serve(loop_.loop(), peer_.server_end().open(loop_.loop(), "the test"));
    core_->check_loops();
    loop_.settle();
  }
  ~BlockedLoops() override {
    bool stopped = false;
    core_->end().async_stop(0ns, [&stopped] { stopped = true; });
    while (!stopped) {
      loop_.settle();
      std::this_thread::yield();
    }
  }

  // What holds a loop up, as seen from a thread that looks on.
  void block() {
    core_->check_loops();
    loop_.clock().advance(2s);
    core_->check_loops();
  }

  TestLoop loop_;
  std::shared_ptr<ScriptedService> service_ = std::make_shared<ScriptedService>();
  std::shared_ptr<FeedService> feed_ = std::make_shared<FeedService>();
  std::shared_ptr<MessageLog> seeing_ =
      std::make_shared<MessageLog>("a", std::make_shared<Lines>(), text_of);
  std::shared_ptr<serve::ServerCore> core_;
  Peer peer_;
  std::vector<std::string> lines_;
};

TEST_F(BlockedLoops, AreReportedWithTheHandlerThatBlocks) {
  service_->on_echo([this](ServerContext&, std::string text) -> Reply<std::string> {
    block();
    return text;
  });
  peer_.send(peer_.option() + peer_.request(1, "x"));
  loop_.settle();
  EXPECT_THAT(lines_, ElementsAre("tern: loop 0 has been blocked for 2s by the handler of "
                                  "sample.Sample.Echo; what blocks belongs into tern::blocking()"));
}

TEST_F(BlockedLoops, AreReportedWithTheMethodsWhoseCoroutinesMayBlock) {
  Gate gate;
  auto wait = [&]() -> asio::awaitable<Result<std::string>> {
    co_await gate.wait();
    block();
    co_return std::string("x");
  };
  service_->on_echo([&](ServerContext&, std::string) -> Reply<std::string> { return wait(); });
  peer_.send(peer_.option() + peer_.request(1, "x"));
  loop_.settle();
  EXPECT_THAT(lines_, ElementsAre());
  gate.open();
  loop_.settle();
  EXPECT_THAT(lines_, ElementsAre("tern: loop 0 has been blocked for 2s by a coroutine or a "
                                  "callback; calls that run there: sample.Sample.Echo; what "
                                  "blocks belongs into tern::blocking()"));
}

TEST_F(BlockedLoops, AreReportedWithTheStreamWhoseInterceptorBlocks) {
  feed_->chat = [](ServerContext&, Reader<std::string> in, Writer<std::string> out) {
    return echo(std::move(in), std::move(out));
  };
  seeing_->then = [this](InterceptedCall&, const InterceptedMessage& message) {
    if (is(message, "slow")) block();
    return Status();
  };
  StreamPeer peer;
  core_->serve(loop_.loop(), peer.server_end().open(loop_.loop(), "the test"));
  peer.send(StreamPeer::option() + peer.open(1, FeedService::kChat));
  loop_.settle();
  EXPECT_THAT(lines_, ElementsAre());
  peer.send(StreamPeer::message(1, "slow") + StreamPeer::message(1, "next", true));
  loop_.settle();
  ASSERT_FALSE(lines_.empty());
  EXPECT_EQ(lines_[0],
            "tern: loop 0 has been blocked for 2s by a coroutine or a callback; calls that run "
            "there: feed.Feed.Chat; what blocks belongs into tern::blocking()");
  EXPECT_EQ(peer.seen(), "data 1 'slow'; data 1 'next'; reply 1");
}

TEST_F(BlockedLoops, AreReportedAlsoIfNoCallRunsThere) {
  loop_.loop().post([this] { block(); });
  loop_.settle();
  EXPECT_THAT(lines_, ElementsAre("tern: loop 0 has been blocked for 2s by a callback or a timer; "
                                  "what blocks belongs into tern::blocking()"));
}

}  // namespace
}  // namespace tern::test
