// How a coroutine that waits for messages is told that its stream is to end, and why.
#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/post.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <memory>
#include <utility>

#include "tern/status.h"

// What a stream without an end of its own ends with when its server stops. A client of several
// servers goes on elsewhere.
inline tern::Status going_away() {
  return tern::Status(tern::Code::kUnavailable, "the server goes away");
}

// Threads: that of the coroutine, but for say().
class Farewell : public std::enable_shared_from_this<Farewell> {
 public:
  explicit Farewell(const asio::any_io_executor& executor)
      : timer_(executor, asio::steady_timer::time_point::max()) {}

  // Any thread. The first one counts.
  void say(tern::Status why) {
    asio::post(timer_.get_executor(), [self = shared_from_this(), why = std::move(why)] {
      if (self->why_.ok()) self->why_ = why;
      self->timer_.cancel();
    });
  }
  // OK as long as nothing has been said.
  const tern::Status& why() const { return why_; }
  // Until something is said.
  asio::awaitable<void> wait() {
    if (!why_.ok()) co_return;
    asio::error_code woken;
    auto token = asio::redirect_error(asio::use_awaitable, woken);
    co_await timer_.async_wait(token);
  }

 private:
  asio::steady_timer timer_;
  tern::Status why_;
};
