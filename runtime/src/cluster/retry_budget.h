// How many retries the calls of the last seconds allow.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "tern/clock.h"

namespace tern {

// Each call earns a share of a retry, each second some more, and what is not spent within ten
// seconds is forgotten (finagle's RetryBudget). Threads: any.
class RetryBudget {
 public:
  RetryBudget(double ratio, double per_second);

  void call_started(Clock::TimePoint now);
  // True if there is one to spend, which is then spent.
  bool spend(Clock::TimePoint now);

 private:
  static constexpr std::size_t kSeconds = 10;

  void forget(Clock::TimePoint now);

  const double ratio_;
  const double per_second_;

  std::mutex mutex_;  // guards the following
  struct Second {
    double earned = 0;
    double spent = 0;
  };
  std::array<Second, kSeconds> seconds_{};  // a ring, by the number of the second
  std::int64_t now_ = 0;                    // the number of the last second that was seen
  double earned_ = 0;                       // the sums of the ring
  double spent_ = 0;
};

}  // namespace tern
