// Where the runtime takes its time from, so that tests can turn it by hand.
#pragma once

#include <chrono>
#include <mutex>
#include <vector>

#include "tern/version.h"

namespace tern {

// Told when the time has been moved by hand. Called on the thread that moves it; must not call the
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

  // True if time passes without anybody turning it, so that waiting for it makes sense.
  virtual bool runs() const noexcept = 0;
  // Only a clock that is turned by hand calls its listeners.
  virtual void add_listener(TimeListener& listener) = 0;
  virtual void remove_listener(TimeListener& listener) = 0;
};

// The machine's steady clock; one for the process, without state.
Clock& steady_clock() noexcept;

// `start` + `wait`, without overflow: far away stays far away.
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
