// A loop that runs when the test says so, on time that the test turns.
#pragma once

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>

#include "net/loop.h"
#include "tern/clock.h"
#include "tern/io_pool.h"

namespace tern::test {

// An IoPool of one loop on the test's own thread. Nothing happens but in settle() and advance().
class TestLoop {
 public:
  TestLoop() = default;

  IoPool& pool() noexcept { return pool_; }
  Loop& loop() noexcept { return pool_.loop(0); }
  ManualClock& clock() noexcept { return clock_; }
  asio::io_context& io() noexcept { return io_; }

  // Runs until there is nothing left to do at this time.
  void settle() {
    while (io_.poll() > 0) {
    }
  }
  // Lets the time pass in one step, then settles.
  void advance(Clock::Duration by) {
    clock_.advance(by);
    settle();
  }

 private:
  ManualClock clock_;
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
  IoPool pool_{io_, clock_};
};

}  // namespace tern::test
