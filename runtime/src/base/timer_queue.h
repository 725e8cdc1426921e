// Timers in the order of their time: a heap that is made of the timers themselves.
#pragma once

#include <cstddef>
#include <optional>

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
  // Of the heap. None of the children is due before their parent.
  Timer* child_ = nullptr;     // the first of them
  Timer* next_ = nullptr;      // the next child of its parent
  Timer* previous_ = nullptr;  // the child before it; of the first one: its parent
  Clock::TimePoint due_{};
  UniqueFunction<void()> callback_;
  bool* gone_ = nullptr;  // set while the callback runs; told when it destroys the timer
};

// A pairing heap, which takes no memory: a timer can always be started. Threads: one.
class TimerQueue {
 public:
  TimerQueue() = default;
  TimerQueue(const TimerQueue&) = delete;
  TimerQueue& operator=(const TimerQueue&) = delete;
  ~TimerQueue();

  // Puts the timer in, or moves it, to be due at `due`.
  void start(Timer& timer, Clock::TimePoint due) noexcept;
  void cancel(Timer& timer) noexcept;

  std::optional<Clock::TimePoint> next() const noexcept;
  std::size_t size() const noexcept { return size_; }
  // Runs those that are due at `now`, each after it has left the queue. Those that callbacks start
  // anew wait for the next run, so it ends. An exception of a callback ends the run and comes out
  // here; those that were due and have not run are due in the next one.
  void run_due(Clock::TimePoint now);

 private:
  static void run(Timer& timer);
  // One heap of two.
  static Timer* meld(Timer* one, Timer* other) noexcept;
  // One heap of the children of one timer; null if there are none.
  static Timer* meld_all(Timer* first) noexcept;
  void add(Timer& timer) noexcept;
  void remove(Timer& timer) noexcept;

  Timer* first_ = nullptr;  // the root
  std::size_t size_ = 0;
};

}  // namespace tern::base
