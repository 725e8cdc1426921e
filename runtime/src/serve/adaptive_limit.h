// How many calls may run at the same time, found by measuring them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "tern/adaptive_concurrency.h"
#include "tern/clock.h"

namespace tern::serve {

// runtime/README.md says why it works as it does. Reads no clock: its callers say what time it is.
// Threads: any.
class AdaptiveLimit {
 public:
  // `methods`: how many there are. The bounds are in order, see problem_with().
  AdaptiveLimit(const AdaptiveConcurrency& options, std::size_t methods, Clock::TimePoint now);
  AdaptiveLimit(const AdaptiveLimit&) = delete;
  AdaptiveLimit& operator=(const AdaptiveLimit&) = delete;

  // What is wrong with the options' numbers; "" if nothing is.
  static const char* problem_with(const AdaptiveConcurrency& options) noexcept;

  // Counts one more call of the method; end() follows. False, and nothing has changed, if it is one
  // too many.
  bool try_begin(std::size_t method, Clock::TimePoint now) noexcept;
  // kNothing: the call ended before its handler began, and says nothing of how long they take.
  enum class Ran : std::uint8_t { kNothing, kHandler };
  void end(std::size_t method, Clock::TimePoint now, Ran ran) noexcept;

  std::size_t limit() const noexcept;
  std::size_t running() const noexcept;

 private:
  enum class State : std::uint8_t {
    kSteady,
    // The limit is half of what it was. Whether that makes calls shorter decides what is next:
    kLowered,   // since they took too long
    kMeasuring  // since the usual times must be measured again
  };
  // What calls of one method take, in seconds; 0: not known.
  struct MethodTimes {
    double usual = 0;   // while few calls run
    double before = 0;  // before the limit was lowered the last time
    // Since the window began, until `counted_to`:
    double running_seconds = 0;  // of all its calls together
    std::uint64_t ended = 0;
    Clock::TimePoint counted_to{};
    std::size_t running = 0;

    void count_to(Clock::TimePoint now) noexcept;
    // By Little's law, which misses no call that has not ended yet; 0 if none has ended.
    double seen() const noexcept;
  };

  void pass_time(Clock::TimePoint now) noexcept;
  void begin_window() noexcept;
  bool complete() const noexcept;
  Clock::Duration patience() const noexcept;
  double mean_running() const noexcept;
  double times_longer_than(double MethodTimes::*former) const noexcept;
  void decide() noexcept;
  void decide_steady(double mean_running) noexcept;
  void decide_lowered(double mean_running) noexcept;
  void give_up_window() noexcept;
  void raise(double longer) noexcept;
  void lower(State why, double mean_running) noexcept;
  void follow_shorter_times() noexcept;
  void take_for_usual() noexcept;

  const std::size_t lowest_;
  const std::size_t highest_;
  const std::size_t always_;

  mutable std::mutex mutex_;  // guards the following
  Clock::TimePoint now_;
  std::size_t limit_;
  std::size_t running_ = 0;
  std::vector<MethodTimes> methods_;
  State state_ = State::kSteady;
  // What is looked at before the next decision. After the limit was lowered, it begins when so many
  // calls have ended, or as few run as may.
  std::size_t ends_before_window_ = 0;
  Clock::TimePoint window_start_;
  std::uint64_t ended_ = 0;
  bool reached_ = false;            // the limit
  bool usual_is_measured_ = false;  // with half as many calls as ran before
  Clock::TimePoint measure_again_;
  Clock::TimePoint lowered_at_{};   // for the first time since kSteady
  std::size_t limit_before_ = 0;    // it was lowered the last time
  double mean_running_before_ = 0;  // likewise
  double call_seconds_ = 0;         // of a call in the last complete window
};

}  // namespace tern::serve
