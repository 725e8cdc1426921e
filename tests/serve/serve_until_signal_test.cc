// A server that ends when its process is asked to.
#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "serve/server_fixture.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

// Whether somebody waits for the signal.
bool is_taken(int signal) {
  struct sigaction action {};
  ::sigaction(signal, nullptr, &action);
  return action.sa_handler != SIG_DFL;
}

template <typename Done>
void wait_until(Done done) {
  while (!done()) std::this_thread::yield();
}

asio::awaitable<Result<std::string>> forever(asio::any_io_executor executor) {
  asio::steady_timer timer(executor, asio::steady_timer::time_point::max());
  co_await timer.async_wait(asio::use_awaitable);
  co_return std::string();
}

// While it lives, this thread and those that it starts have none of the signals: they go to the one
// that waits for them. (A handler of Asio's that ran on another thread would read what its own has
// written, which nothing orders.)
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t both;
    sigemptyset(&both);
    sigaddset(&both, SIGINT);
    sigaddset(&both, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &both, &before_);
  }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};

class UntilSignal : public testing::Test {
 protected:
  UntilSignal() {
    EXPECT_TRUE(server_.add(service_).ok());
    server_.serve(pool_.loop(0), peer_.server_end().open(pool_.loop(0), "the test"));
    EXPECT_TRUE(server_.before_stop([this] { stopping_ = true; }));
    waiting_ = std::thread([this] {
      outcome_ = serve_until_signal(server_, 1h);
      ended_ = true;
    });
    wait_until([] { return is_taken(SIGINT) && is_taken(SIGTERM); });
  }
  ~UntilSignal() override {
    if (waiting_.joinable()) waiting_.join();
  }

  // Starts a call whose handler waits, and returns when it runs.
  void call() {
    peer_.send(peer_.option() + peer_.request(1, "x"));
    wait_until([this] { return server_.stats().calls_running == 1; });
  }
  Status outcome() {
    waiting_.join();
    return outcome_;
  }
  Answer answer() {
    std::vector<Answer> answers;
    wait_until([&] {
      for (Answer& one : peer_.answers()) {
        if (one.kind != wire::FrameKind::kGoingAway) answers.push_back(one);
      }
      return !answers.empty() || peer_.end().end_received();
    });
    EXPECT_EQ(answers.size(), 1u);
    return answers.empty() ? Answer() : answers.front();
  }

  SignalsBlocked blocked_;
  IoPool pool_;
  std::shared_ptr<ScriptedService> service_ = std::make_shared<ScriptedService>();
  Server server_{pool_};
  Peer peer_;
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> ended_ = false;
  Status outcome_;
  std::thread waiting_;
};

TEST_F(UntilSignal, ServesUntilOneComes) {
  for (std::uint64_t id : {1, 2}) {
    peer_.send((id == 1 ? peer_.option() : "") + peer_.request(id, "x"));
    EXPECT_EQ(answer().text, "x");
  }
  peer_.end().close();
  EXPECT_FALSE(ended_);
  ::kill(::getpid(), SIGTERM);
  EXPECT_EQ(outcome().to_string(), "ok");
  EXPECT_FALSE(is_taken(SIGTERM));
  EXPECT_EQ(server_.listen("tcp@127.0.0.1:0").status().code(), Code::kFailedPrecondition);
}

TEST_F(UntilSignal, FinishesWhatRuns) {
  std::atomic<bool> go = false;
  service_->on_echo([&go](ServerContext& context, std::string text) -> Reply<std::string> {
    return blocking(context, [&go, text] {
      wait_until([&go] { return go.load(); });
      return text;
    });
  });
  call();
  ::kill(::getpid(), SIGINT);
  wait_until([this] { return stopping_.load(); });
  EXPECT_FALSE(ended_);
  go = true;
  EXPECT_EQ(answer().text, "x");
  peer_.end().close();
  EXPECT_TRUE(outcome().ok());
}

TEST_F(UntilSignal, EndsAtTheSecondOneWhateverRuns) {
  service_->on_echo([](ServerContext& context, std::string) -> Reply<std::string> {
    return forever(context.executor());
  });
  call();
  ::kill(::getpid(), SIGTERM);
  wait_until([this] { return stopping_.load(); });
  EXPECT_FALSE(ended_);
  ::kill(::getpid(), SIGINT);
  Status ended = outcome();
  EXPECT_EQ(ended.code(), Code::kAborted);
  EXPECT_NE(ended.message().find("a second signal, SIGINT"), std::string::npos);
  EXPECT_EQ(answer().code, Code::kUnavailable);
}

TEST_F(UntilSignal, EndsWhenTheServerIsStoppedElsewhere) {
  server_.stop(0ns);
  EXPECT_TRUE(outcome().ok());
  EXPECT_FALSE(is_taken(SIGINT));
}

TEST(UntilSignalBlocked, TakesASignalThatHasComeBefore) {
  sigset_t both;
  sigset_t before;
  sigemptyset(&both);
  sigaddset(&both, SIGINT);
  sigaddset(&both, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &both, &before);
  {
    IoPool pool;
    Server server(pool);
    ::kill(::getpid(), SIGTERM);
    EXPECT_TRUE(serve_until_signal(server).ok());
  }
  sigset_t after;
  pthread_sigmask(SIG_SETMASK, &before, &after);
  EXPECT_EQ(sigismember(&after, SIGTERM), 1);
}

TEST(UntilSignalOnALoop, FailsInsteadOfWaitingForItself) {
  IoPool pool;
  Server server(pool);
  std::atomic<bool> done = false;
  Status outcome;
  pool.loop(0).post([&] {
    outcome = serve_until_signal(server);
    done = true;
  });
  wait_until([&done] { return done.load(); });
  EXPECT_EQ(outcome.code(), Code::kFailedPrecondition);
}

}  // namespace
}  // namespace tern::test
