// How many retries the calls of the last seconds allow.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "tern/clock.h"

namespace tern::cluster {

// Each call earns a share of a retry, each second some more, and what is not spent within ten
// seconds is forgotten (finagle's RetryBudget). Threads: any.
class RetryBudget {
 public:
  RetryBudget(double ratio, double per_second);

  // Returns how many calls there were before.
  std::uint64_t call_started(Clock::TimePoint now) {
    const std::uint64_t before = calls_.fetch_add(1, std::memory_order_relaxed);
    if (now >= next_second_.load(std::memory_order_relaxed)) begin_second(now);
    return before;
  }
  // Takes the call back, as if it had not started.
  void call_refused() noexcept { calls_.fetch_sub(1, std::memory_order_relaxed); }
  std::uint64_t calls() const noexcept { return calls_.load(std::memory_order_relaxed); }
  // True if there is one to spend, which is then spent.
  bool spend(Clock::TimePoint now);

 private:
  static constexpr std::size_t kSeconds = 10;

  static std::int64_t second_of(Clock::TimePoint now) noexcept {
    return std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  }
  void begin_second(Clock::TimePoint now);
  void bring_up_to(std::int64_t second);
  void earn();

  const double ratio_;
  const double per_second_;
  std::atomic<std::uint64_t> calls_ = 0;
  // After the last one that was seen.
  std::atomic<Clock::TimePoint> next_second_{Clock::TimePoint(std::chrono::seconds(1))};

  std::mutex mutex_;      // guards the following
  std::int64_t now_ = 0;  // the last second that was seen
  struct Second {
    double earned = 0;
    double spent = 0;
  };
  std::array<Second, kSeconds> seconds_{};  // a ring, by the number of the second
  double earned_ = 0;                       // the sums of the ring
  double spent_ = 0;
  std::uint64_t calls_seen_ = 0;  // that have earned their share
};

}  // namespace tern::cluster
