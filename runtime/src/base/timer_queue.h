// Timers in the order of their time: a heap whose entries know their place in it.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "tern/clock.h"
#include "tern/function.h"

namespace tern::base {

class TimerQueue;

// Something that is due at a time. Leaves its queue when it is destroyed. The callback may start
// or cancel any timer, also this one, or destroy it.
class Timer {
 public:
  Timer() noexcept = default;
  explicit Timer(UniqueFunction<void()> callback) : callback_(std::move(callback)) {}
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer();

  void set_callback(UniqueFunction<void()> callback) { callback_ = std::move(callback); }
  bool waiting() const noexcept { return queue_ != nullptr; }
  // Leaves its queue, if it is in one.
  void cancel() noexcept;
  Clock::TimePoint due() const noexcept { return due_; }

 private:
  friend class TimerQueue;
  TimerQueue* queue_ = nullptr;
  std::size_t index_ = 0;
  Clock::TimePoint due_{};
  UniqueFunction<void()> callback_;
  bool* gone_ = nullptr;  // set while the callback runs; told when it destroys the timer
};

// Threads: one.
class TimerQueue {
 public:
  TimerQueue() = default;
  TimerQueue(const TimerQueue&) = delete;
  TimerQueue& operator=(const TimerQueue&) = delete;
  ~TimerQueue();

  // Puts the timer in, or moves it, to be due at `due`.
  void start(Timer& timer, Clock::TimePoint due);
  void cancel(Timer& timer) noexcept;

  std::optional<Clock::TimePoint> next() const noexcept;
  std::size_t size() const noexcept { return heap_.size(); }
  // Runs those that are due at `now`, each after it has left the queue. Those that callbacks start
  // anew wait for the next run, so it ends. An exception of a callback ends the run and comes out
  // here; those that were due and have not run are due in the next one.
  void run_due(Clock::TimePoint now);

 private:
  static void run(Timer& timer);
  void take(Timer& timer);
  void place(std::size_t index, Timer* timer) noexcept;
  void sift_up(std::size_t index) noexcept;
  void sift_down(std::size_t index) noexcept;

  std::vector<Timer*> heap_;
};

}  // namespace tern::base
