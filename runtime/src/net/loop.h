// One event loop: an io_context with timers on the runtime's clock and memory shared by its
// connections.
#pragma once

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/timer_queue.h"
#include "tern/buffer.h"
#include "tern/clock.h"
#include "tern/function.h"

namespace tern {

class NameResolver;

// Threads: post() and in_this_thread() from any; everything else on the loop's thread.
class Loop final : private TimeListener {
 public:
  Loop(asio::io_context& io, Clock& clock, std::shared_ptr<NameResolver> names);
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  ~Loop();

  asio::io_context& io() noexcept { return io_; }
  Clock& clock() noexcept { return clock_; }
  Clock::TimePoint now() const noexcept { return clock_.now(); }
  // What looks names up for those on this loop.
  NameResolver& names() noexcept { return *names_; }

  bool in_this_thread() const noexcept;
  // Runs `task` on the loop's thread, soon and not from within this call.
  void post(UniqueFunction<void()> task);

  // Timers fire on the loop's thread; what is destroyed or cancelled first does not fire.
  void start_timer(Timer& timer, Clock::TimePoint due);
  void start_timer(Timer& timer, Clock::Duration wait) {
    start_timer(timer, saturating_add(now(), wait));
  }
  void cancel_timer(Timer& timer) noexcept { timer.cancel(); }
  std::size_t timer_count() const noexcept { return timers_.size(); }

  // Memory to read into. Its content is of no meaning between two callbacks of the loop.
  std::span<std::byte> scratch() noexcept { return {scratch_.get(), kScratchBytes}; }

  // Empty buffers that keep their memory, so that an idle connection needs none.
  Buffer take_buffer(std::size_t size_hint = 0) noexcept;
  void give_buffer(Buffer buffer) noexcept;

 private:
  static constexpr std::size_t kScratchBytes = 64 * 1024;

  void on_time_moved() override;
  void arm();
  void run_timers();

  asio::io_context& io_;
  Clock& clock_;
  TimerQueue timers_;
  const std::shared_ptr<NameResolver> names_;
  asio::steady_timer alarm_;
  std::optional<Clock::TimePoint> armed_for_;
  std::shared_ptr<Loop*> self_;  // null inside once the loop is gone; for tasks still queued
  std::unique_ptr<std::byte[]> scratch_;
  std::vector<Buffer> spare_;        // small ones
  std::vector<Buffer> spare_large_;  // few, for the connections that move much
};

// Marks this thread as running a loop while it lives, for on_loop_thread().
class LoopScope {
 public:
  LoopScope() noexcept;
  LoopScope(const LoopScope&) = delete;
  LoopScope& operator=(const LoopScope&) = delete;
  ~LoopScope();
};

}  // namespace tern
