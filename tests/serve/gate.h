// A point where coroutines wait until the test lets them go on.
#pragma once

#include <asio/awaitable.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "tern/result.h"

namespace tern::test {

// Outlives the coroutines. Threads: the one that they run on.
class Gate {
 public:
  // Throws what Asio throws when the waiting coroutine is cancelled.
  asio::awaitable<void> wait() {
    if (open_) co_return;
    auto timer = std::make_shared<asio::steady_timer>(co_await asio::this_coro::executor,
                                                      asio::steady_timer::time_point::max());
    timers_.push_back(timer);
    ++waiting_;
    bool cancelled = false;
    try {
      co_await timer->async_wait(asio::use_awaitable);
    } catch (const std::system_error&) {
      cancelled = !open_;  // opening ends the waits of the timers, too
    }
    --waiting_;
    if (cancelled) {
      ++cancelled_;
      throw std::system_error(std::make_error_code(std::errc::operation_canceled));
    }
  }

  void open() {
    open_ = true;
    for (auto& timer : timers_) timer->cancel();
    timers_.clear();
  }
  int waiting() const { return waiting_; }
  int cancelled() const { return cancelled_; }

 private:
  std::vector<std::shared_ptr<asio::steady_timer>> timers_;
  bool open_ = false;
  int waiting_ = 0;
  int cancelled_ = 0;
};

// What a handler returns to answer with `text` once the gate is open.
inline asio::awaitable<Result<std::string>> behind(Gate& gate, std::string text) {
  co_await gate.wait();
  co_return text;
}

}  // namespace tern::test
