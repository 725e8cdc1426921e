// A point where coroutines wait until the test lets them go on.
#pragma once

#include <asio/awaitable.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "tern/result.h"
#include "tern/server_context.h"

namespace tern::test {

// Coroutines may still wait at it when it is gone. Threads: the one that they run on.
class Gate {
 public:
  // Throws what Asio throws when the waiting coroutine is cancelled.
  asio::awaitable<void> wait() { return wait_at(state_); }

  void open() {
    state_->open = true;
    for (auto& timer : state_->timers) timer->cancel();
    state_->timers.clear();
  }
  int waiting() const { return state_->waiting; }
  int cancelled() const { return state_->cancelled; }

 private:
  struct State {
    std::vector<std::shared_ptr<asio::steady_timer>> timers;
    bool open = false;
    int waiting = 0;
    int cancelled = 0;
  };

  static asio::awaitable<void> wait_at(std::shared_ptr<State> state) {
    if (state->open) co_return;
    auto timer = std::make_shared<asio::steady_timer>(co_await asio::this_coro::executor,
                                                      asio::steady_timer::time_point::max());
    state->timers.push_back(timer);
    ++state->waiting;
    bool cancelled = false;
    try {
      co_await timer->async_wait(asio::use_awaitable);
    } catch (const std::system_error&) {
      cancelled = !state->open;  // opening ends the waits of the timers, too
    }
    --state->waiting;
    if (cancelled) {
      ++state->cancelled;
      throw std::system_error(std::make_error_code(std::errc::operation_canceled));
    }
  }

  std::shared_ptr<State> state_ = std::make_shared<State>();
};

// What a handler returns to answer with `text` once the gate is open.
inline asio::awaitable<Result<std::string>> behind(Gate& gate, std::string text) {
  co_await gate.wait();
  co_return text;
}

// A handler that does so with what has come. The gate outlives the server's calls.
inline auto echo_behind(Gate& gate) {
  return [&gate](ServerContext&, std::string text) { return behind(gate, std::move(text)); };
}

}  // namespace tern::test
