// The runtime's source of time. A test puts a clock there that it advances itself.
#pragma once

#include <chrono>
#include <mutex>
#include <vector>

#include "tern/version.h"

namespace tern {

// Told when a clock was advanced by hand. Called on the thread that advances it; must not call the
// clock.
class TimeListener {
 public:
  virtual void on_time_moved() = 0;

 protected:
  ~TimeListener() = default;
};

// Monotonic time. Threads: any.
class Clock {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::nanoseconds;

  virtual ~Clock() = default;
  virtual TimePoint now() const noexcept = 0;

  // True if time passes by itself, so that waiting for it makes sense.
  virtual bool runs() const noexcept = 0;
  // Only a clock that is advanced by hand calls its listeners.
  virtual void add_listener(TimeListener& listener) = 0;
  virtual void remove_listener(TimeListener& listener) = 0;
};

// The machine's steady clock; one for the process, without state.
Clock& steady_clock() noexcept;

// `start` + `wait`; the latest point in time instead of an overflow.
Clock::TimePoint saturating_add(Clock::TimePoint start, Clock::Duration wait) noexcept;

// Stands still until it is told to move. For tests.
class ManualClock final : public Clock {
 public:
  TimePoint now() const noexcept override;
  bool runs() const noexcept override { return false; }
  void add_listener(TimeListener& listener) override;
  void remove_listener(TimeListener& listener) override;

  // Moves on, and tells every listener.
  void advance(Duration by);

 private:
  mutable std::mutex mutex_;  // guards the following
  TimePoint now_{std::chrono::hours(1)};
  std::vector<TimeListener*> listeners_;
};

}  // namespace tern
