// One event loop: an io_context with timers on the runtime's clock and memory shared by its
// connections.
#pragma once

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/timer_queue.h"
#include "net/loop_tasks.h"
#include "tern/buffer.h"
#include "tern/clock.h"
#include "tern/function.h"

namespace tern {

class NameResolver;

// Told when a loop will run nothing any more.
class LoopEndListener {
 public:
  // On the thread that destroys the pool, or on the loop's if that is the user's.
  virtual void on_loop_end() = 0;

 protected:
  ~LoopEndListener() = default;
};

// Belongs to its IoPool. Who may outlive that holds the loop, too (shared_from_this()), and learns
// of the end. After it no timer fires, and what is posted is dropped.
// Threads: post() and in_this_thread() and what concerns the end from any; everything else on the
// loop's thread.
class Loop final : private TimeListener, public std::enable_shared_from_this<Loop> {
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
  // The same without memory: see LoopTasks::post().
  void post(std::shared_ptr<net::LoopTask> task) noexcept { tasks_->post(std::move(task)); }

  // Timers fire on the loop's thread; what is destroyed or cancelled first does not fire.
  void start_timer(base::Timer& timer, Clock::TimePoint due) noexcept;
  void start_timer(base::Timer& timer, Clock::Duration wait) noexcept {
    start_timer(timer, saturating_add(now(), wait));
  }
  void cancel_timer(base::Timer& timer) noexcept { timer.cancel(); }
  std::size_t timer_count() const noexcept { return timers_.size(); }
  // When the first of them is due, which may have been; nothing if none waits. For who turns the
  // clock to the next event.
  std::optional<Clock::TimePoint> next_due() const noexcept { return timers_.next(); }

  // Tells `listener` of the end, once; within this call if that has been.
  void add_end_listener(const std::weak_ptr<LoopEndListener>& listener);
  bool ended() const noexcept { return ended_.load(std::memory_order_relaxed); }

  // --- For its pool ---

  // While nothing runs on the loop, or on its thread. Twice is fine.
  void end();
  // From now on nobody tells it when the clock is turned. Any thread.
  void leave_clock();

  // Memory to read into. Its content is of no meaning between two callbacks of the loop.
  std::span<std::byte> scratch() noexcept { return {scratch_.get(), kScratchBytes}; }

  // Empty buffers that keep their memory, so that an idle connection needs none. Where `size_hint`
  // is more than a loop keeps, what any buffer of the process has left; a buffer without memory, if
  // there is none.
  Buffer take_buffer(std::size_t size_hint = 0) noexcept;
  void give_buffer(Buffer buffer) noexcept;

 private:
  static constexpr std::size_t kScratchBytes = 64 * 1024;

  class Rearming;

  void on_time_moved() override;
  void arm() noexcept;
  void run_timers();

  asio::io_context& io_;
  Clock& clock_;
  base::TimerQueue timers_;
  const std::shared_ptr<NameResolver> names_;
  std::optional<asio::steady_timer> alarm_;  // none after the end
  std::atomic<bool> ended_ = false;
  const std::shared_ptr<net::LoopTasks> tasks_;
  std::optional<Clock::TimePoint> armed_for_;
  std::shared_ptr<Loop*> self_;  // null inside once the loop is gone; for tasks still queued
  const std::shared_ptr<Rearming> rearming_;
  std::unique_ptr<std::byte[]> scratch_;
  std::vector<Buffer> spare_;

  std::mutex mutex_;  // guards the following
  std::vector<std::weak_ptr<LoopEndListener>> end_listeners_;
  bool ending_ = false;
  bool has_clock_ = true;
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
