#include "cluster/retry_budget.h"

#include <algorithm>
#include <chrono>

namespace tern {

RetryBudget::RetryBudget(double ratio, double per_second)
    : ratio_(ratio), per_second_(per_second) {}

void RetryBudget::call_started(Clock::TimePoint now) {
  std::lock_guard lock(mutex_);
  forget(now);
  seconds_[static_cast<std::size_t>(now_) % kSeconds].earned += ratio_;
  earned_ += ratio_;
}

bool RetryBudget::spend(Clock::TimePoint now) {
  std::lock_guard lock(mutex_);
  forget(now);
  constexpr double kRounding = 1e-6;
  if (earned_ + kRounding < spent_ + 1) return false;
  seconds_[static_cast<std::size_t>(now_) % kSeconds].spent += 1;
  spent_ += 1;
  return true;
}

// Leaves the seconds that are past, and sums up what is left: no error of rounding stays.
void RetryBudget::forget(Clock::TimePoint now) {
  auto second = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  if (second <= now_) return;
  // The first look begins the first second: there are none before it to have earned anything.
  std::int64_t passed = now_ == 0 ? 1 : std::min<std::int64_t>(second - now_, kSeconds);
  for (std::int64_t i = 0; i < passed; ++i) {
    seconds_[static_cast<std::size_t>(second - i) % kSeconds] = {per_second_, 0};
  }
  now_ = second;
  earned_ = 0;
  spent_ = 0;
  for (const Second& one : seconds_) {
    earned_ += one.earned;
    spent_ += one.spent;
  }
}

}  // namespace tern
