// A server that ends without holding up the thread that ends it.
#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <future>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "serve/gate.h"
#include "serve/handlers_fixture.h"
#include "tern/blocking.h"
#include "tern/loop_thread.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

std::ptrdiff_t threads_of_this_process() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
}

// Nothing here runs but when the test says so, on the test's thread, where the server is destroyed,
// too.
class AsyncStop : public testing::Test {
 protected:
  AsyncStop() {
    ServerOptions options;
    options.log = [this](std::string_view line) { log_ += std::string(line) + "\n"; };
    server_ = std::make_unique<Server>(loop_.pool(), options);
    EXPECT_TRUE(server_->add(service_).ok());
    service_->on_echo([this](ServerContext& context, std::string text) -> Reply<std::string> {
      if (text == "wait") return behind(gate_, text);
      if (text == "stop") stop(10s);
      if (text == "block") {
        return blocking(context, [this] {
          blocks_.set_value();
          release_.get_future().wait();
          released_ = true;
          return std::string("blocked");
        });
      }
      return text;
    });
  }
  ~AsyncStop() override {
    if (server_) end();
  }

  // Stops, if nobody has, and runs the loop until the end.
  void end() {
    if (ends_ == 0) stop(0s);
    while (ends_ == 0) {
      loop_.advance(1s);
      std::this_thread::yield();
    }
    server_.reset();
  }
  void stop(std::chrono::nanoseconds drain) {
    server_->async_stop(drain, [this] {
      ++ends_;
      EXPECT_TRUE(on_loop_thread());
      if (destroys_) server_.reset();
      if (throws_) throw std::runtime_error("boom");
    });
  }
  std::unique_ptr<Peer> connect() {
    auto peer = std::make_unique<Peer>();
    server_->serve(loop_.loop(), peer->server_end().open(loop_.loop(), "the test"));
    peer->send(peer->option());
    loop_.settle();
    EXPECT_TRUE(peer->option_reply().has_value());
    return peer;
  }
  void call(Peer& peer, std::string_view text) {
    peer.send(peer.request(1, text));
    loop_.settle();
  }

  TestLoop loop_;
  Gate gate_;
  std::promise<void> blocks_;
  std::promise<void> release_;
  std::atomic<bool> released_ = false;
  std::shared_ptr<ScriptedService> service_ = std::make_shared<ScriptedService>();
  std::string log_;
  std::unique_ptr<Server> server_;
  int ends_ = 0;
  bool destroys_ = false;
  bool throws_ = false;
};

TEST_F(AsyncStop, IsDoneWhenCallsAreAnsweredAndConnectionsClosed) {
  auto peer = connect();
  call(*peer, "wait");
  stop(10s);
  EXPECT_TRUE(peer->answers().empty()) << "nothing has happened from within the call";
  loop_.settle();
  EXPECT_EQ(peer->answer().kind, wire::FrameKind::kGoingAway);
  gate_.open();
  loop_.settle();
  EXPECT_EQ(peer->answer().text, "wait");
  EXPECT_EQ(ends_, 0);
  peer->end().close();
  loop_.settle();
  EXPECT_EQ(ends_, 1);
  server_.reset();  // waits for nothing: nobody else runs the loop
}

TEST_F(AsyncStop, EndsWhatIsLeftAfterItsDrain) {
  auto peer = connect();
  call(*peer, "wait");
  stop(10s);
  loop_.settle();
  loop_.advance(10s);
  std::vector<Answer> answers = peer->answers();
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[1].code, Code::kUnavailable);
  EXPECT_EQ(gate_.cancelled(), 1);
  loop_.advance(2s);  // for its last words
  EXPECT_EQ(ends_, 1);
}

TEST_F(AsyncStop, OfAServerThatHasNotBeenUsedIsDoneInTheNextTurn) {
  stop(10s);
  EXPECT_EQ(ends_, 0);
  loop_.settle();
  EXPECT_EQ(ends_, 1);
  EXPECT_FALSE(server_->listen("tcp@127.0.0.1:0").ok());
}

TEST_F(AsyncStop, AgainHastensItAndEachIsTold) {
  auto peer = connect();
  call(*peer, "wait");
  stop(10s);
  stop(20s);
  loop_.settle();
  EXPECT_EQ(peer->answer().kind, wire::FrameKind::kGoingAway);
  stop(0s);
  loop_.settle();
  EXPECT_EQ(peer->answer().code, Code::kUnavailable);
  peer->end().close();
  loop_.settle();
  EXPECT_EQ(ends_, 3);
  stop(0s);
  EXPECT_EQ(ends_, 3);
  loop_.settle();
  EXPECT_EQ(ends_, 4) << "after the end it is soon";
}

TEST_F(AsyncStop, MayBeCalledInAHandler) {
  auto peer = connect();
  call(*peer, "stop");
  std::vector<Answer> answers = peer->answers();
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[0].text, "stop");
  EXPECT_EQ(answers[1].kind, wire::FrameKind::kGoingAway);
  loop_.advance(1s);  // its time to leave
  EXPECT_EQ(ends_, 1);
}

TEST_F(AsyncStop, MayDestroyTheServerWhenItIsDone) {
  destroys_ = true;
  auto peer = connect();
  stop(0s);
  loop_.settle();
  EXPECT_EQ(ends_, 1);
  EXPECT_EQ(server_, nullptr);
  EXPECT_EQ(log_, "");
}

TEST_F(AsyncStop, LogsWhatIsThrownAtItsEnd) {
  throws_ = true;
  stop(0s);
  loop_.settle();
  EXPECT_EQ(ends_, 1);
  EXPECT_NE(log_.find("async_stop() was given threw: boom"), std::string::npos) << log_;
}

TEST_F(AsyncStop, GoesTogetherWithStop) {
  auto peer = connect();
  call(*peer, "wait");
  stop(1h);
  std::thread stopper([this] { server_->stop(0s); });
  while (gate_.cancelled() == 0) {
    loop_.settle();
    std::this_thread::yield();
  }
  peer->end().close();
  while (ends_ == 0) {
    loop_.settle();
    std::this_thread::yield();
  }
  stopper.join();
}

TEST_F(AsyncStop, WaitsForBlockingWorkOnAnotherThread) {
  auto peer = connect();
  call(*peer, "block");
  blocks_.get_future().wait();
  stop(0s);
  loop_.settle();
  peer->end().close();
  loop_.settle();  // it returns: the loop is not held up
  EXPECT_EQ(ends_, 0);
  release_.set_value();
  while (ends_ == 0) {
    loop_.settle();
    if (ends_ > 0) {
      EXPECT_TRUE(released_);  // the end is behind the work, never before it
    }
    std::this_thread::yield();
  }
  end();
}

TEST_F(AsyncStop, RunsWhatComesBeforeItOnAThreadOfItsOwn) {
  auto peer = connect();
  std::promise<std::thread::id> ran;
  std::promise<void> goes_on;
  EXPECT_TRUE(server_->before_stop([&] {
    goes_on.get_future().wait();
    ran.set_value(std::this_thread::get_id());
  }));
  stop(10s);
  stop(0s);
  EXPECT_FALSE(server_->before_stop([] {}));
  loop_.settle();
  EXPECT_TRUE(peer->answers().empty()) << "the server still serves";
  goes_on.set_value();
  EXPECT_NE(ran.get_future().get(), std::this_thread::get_id());
  while (ends_ < 2) {
    loop_.settle();
    std::this_thread::yield();
  }
}

// --- What waits without a thread, before the end ---

TEST_F(AsyncStop, WaitsForWhatLeavesWithoutAThread) {
  auto peer = connect();
  std::vector<UniqueFunction<void()>> leaving;
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(server_->async_before_stop(
        [&](UniqueFunction<void()> done) { leaving.push_back(std::move(done)); }));
  }
  stop(10s);
  EXPECT_EQ(leaving.size(), 2u);
  EXPECT_FALSE(server_->async_before_stop([](UniqueFunction<void()>) {}));
  EXPECT_FALSE(server_->before_stop([] {}));
  leaving.front()();
  loop_.settle();
  EXPECT_TRUE(peer->answers().empty()) << "the server still serves";
  leaving.back().reset();  // who can say it no more has left, too
  peer->end().close();
  loop_.settle();
  EXPECT_EQ(ends_, 1);
}

TEST_F(AsyncStop, TakesWhatLeavesFromWithin) {
  connect()->end().close();
  EXPECT_TRUE(server_->async_before_stop([](UniqueFunction<void()> done) { done(); }));
  EXPECT_TRUE(server_->async_before_stop(
      [](UniqueFunction<void()>) { throw std::runtime_error("will not leave"); }));
  stop(0s);
  loop_.settle();
  EXPECT_EQ(ends_, 1);
}

TEST_F(AsyncStop, BlocksOnlyBehindWhatLeavesWithoutAThread) {
  UniqueFunction<void()> leaves;
  std::atomic<bool> asked = false;
  std::atomic<bool> blocked = false;
  EXPECT_TRUE(server_->async_before_stop([&](UniqueFunction<void()> done) {
    leaves = std::move(done);
    asked = true;
  }));
  EXPECT_TRUE(server_->before_stop([&] { blocked = true; }));
  stop(0s);
  while (!asked) std::this_thread::yield();
  loop_.settle();
  EXPECT_FALSE(blocked);
  leaves();
  while (ends_ == 0) {
    loop_.settle();
    std::this_thread::yield();
  }
  EXPECT_TRUE(blocked);
}

TEST_F(AsyncStop, EndsBehindACallbackThatDestroysTheServer) {
  auto peer = connect();
  std::ptrdiff_t threads = threads_of_this_process();
  loop_.loop().post([&] { server_.reset(); });
  loop_.settle();
  EXPECT_EQ(threads_of_this_process(), threads) << "nothing there needs a thread";
  EXPECT_TRUE(peer->end().end_received());
}

TEST_F(AsyncStop, EndsAtOnceWhereTheLoopHasBeenStopped) {
  auto peer = connect();
  loop_.io().stop();
  int ends = 0;
  server_->async_stop(10s, [&] { ++ends; });
  EXPECT_EQ(ends, 1);
  EXPECT_TRUE(peer->end().end_received());
  server_.reset();
}

TEST(AsyncStopOfThreads, IsDoneOnAThreadOfThePool) {
  for (int round = 0; round < 20; ++round) {
    std::promise<bool> done;
    Server server(ServerOptions(), 2);
    ASSERT_TRUE(server.add(std::make_shared<ScriptedService>()).ok());
    ASSERT_TRUE(server.listen("tcp@127.0.0.1:0").ok());
    server.async_stop(1s, [&] { done.set_value(on_loop_thread()); });
    EXPECT_TRUE(done.get_future().get());
    EXPECT_THROW(
        {
          std::promise<void> thrown;
          server.pool().loop(0).post([&] {
            try {
              server.stop();
              thrown.set_value();
            } catch (...) {
              thrown.set_exception(std::current_exception());
            }
          });
          thrown.get_future().get();
        },
        std::logic_error);
  }
}

// The pool's threads go with it, and one of them is where it is destroyed.
TEST(AsyncStopOfThreads, MayDestroyAServerWithAPoolOfItsOwn) {
  std::promise<void> done;
  std::thread([] {}).join();  // a sanitizer adds one of its own with the first one
  std::ptrdiff_t threads = threads_of_this_process();
  auto server = std::make_unique<Server>();
  ASSERT_TRUE(server->listen("tcp@127.0.0.1:0").ok());
  Server& ends = *server;
  ends.async_stop(0s, [&done, server = std::move(server)]() mutable {
    server.reset();
    done.set_value();
  });
  done.get_future().get();
  // So that the process does not end before it.
  while (threads_of_this_process() > threads) std::this_thread::yield();
}

}  // namespace
}  // namespace tern::test
