#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>

#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/signal_set.hpp>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "tern/loop_thread.h"
#include "tern/server.h"

namespace tern {

namespace {

std::string_view name_of(int signal) {
  return signal == SIGINT ? "SIGINT" : "SIGTERM";
}

// Lets this thread have the signals while it lives, also if the program has blocked them before it
// started its threads.
class SignalsUnblocked {
 public:
  SignalsUnblocked() {
    sigset_t ours;
    sigemptyset(&ours);
    sigaddset(&ours, SIGINT);
    sigaddset(&ours, SIGTERM);
    pthread_sigmask(SIG_UNBLOCK, &ours, &before_);
  }
  SignalsUnblocked(const SignalsUnblocked&) = delete;
  SignalsUnblocked& operator=(const SignalsUnblocked&) = delete;
  ~SignalsUnblocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};

// Waits on the caller's thread; the server is stopped on threads of its own, since that blocks.
class SignalWait {
 public:
  SignalWait(Server& server, std::chrono::nanoseconds drain) : server_(server), drain_(drain) {}

  Status run() {
    try {
      signals_.add(SIGINT);
      signals_.add(SIGTERM);
    } catch (const std::system_error& failure) {
      return Status(Code::kFailedPrecondition,
                    fmt::format("serve_until_signal: cannot wait for SIGINT and SIGTERM: {}",
                                failure.what()));
    }
    wait_for_signal();
    SignalsUnblocked unblocked;
    std::thread stopped([this] {
      server_.wait();
      asio::post(io_, [this] { io_.stop(); });
    });
    io_.run();
    stopped.join();
    if (drains_.joinable()) drains_.join();
    if (hastens_.joinable()) hastens_.join();
    return std::move(outcome_);
  }

 private:
  void wait_for_signal() {
    signals_.async_wait([this](std::error_code failure, int signal) {
      if (!failure) on_signal(signal);
    });
  }

  void on_signal(int signal) {
    if (!drains_.joinable()) {
      drains_ = std::thread([this] { server_.stop(drain_); });
      wait_for_signal();
      return;
    }
    outcome_ = Status(Code::kAborted,
                      fmt::format("server: stopped by a second signal, {}, before the calls that "
                                  "ran were done",
                                  name_of(signal)));
    hastens_ = std::thread([this] { server_.stop(std::chrono::nanoseconds(0)); });
    // A third signal does what it does by default.
    signals_.clear();
  }

  Server& server_;
  const std::chrono::nanoseconds drain_;
  asio::io_context io_{1};
  asio::signal_set signals_{io_};
  std::thread drains_;
  std::thread hastens_;
  Status outcome_;
};

}  // namespace

Status serve_until_signal(Server& server, std::chrono::nanoseconds drain) {
  if (on_loop_thread()) {
    return Status(Code::kFailedPrecondition,
                  "serve_until_signal: on an event loop's thread it would wait for itself; call it "
                  "on the thread of main()");
  }
  return SignalWait(server, drain).run();
}

}  // namespace tern
