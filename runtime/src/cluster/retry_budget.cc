#include "cluster/retry_budget.h"

#include <algorithm>

namespace tern::cluster {

RetryBudget::RetryBudget(double ratio, double per_second)
    : ratio_(ratio), per_second_(per_second) {}

void RetryBudget::begin_second(Clock::TimePoint now) {
  std::lock_guard lock(mutex_);
  bring_up_to(second_of(now));
}

bool RetryBudget::spend(Clock::TimePoint now) {
  std::lock_guard lock(mutex_);
  bring_up_to(second_of(now));
  earn();
  constexpr double kRounding = 1e-6;
  if (earned_ + kRounding < spent_ + 1) return false;
  seconds_[static_cast<std::size_t>(now_) % kSeconds].spent += 1;
  spent_ += 1;
  return true;
}

// Leaves the seconds that are past, and sums up what is left: no error of rounding stays. Calls
// that have not been counted are those of the last second that was seen.
void RetryBudget::bring_up_to(std::int64_t second) {
  const std::int64_t before = now_;
  if (second <= before) return;
  if (before != 0) earn();
  // The first look begins the first second: there are none before it to have earned anything.
  std::int64_t passed = before == 0 ? 1 : std::min<std::int64_t>(second - before, kSeconds);
  for (std::int64_t i = 0; i < passed; ++i) {
    seconds_[static_cast<std::size_t>(second - i) % kSeconds] = {per_second_, 0};
  }
  now_ = second;
  next_second_.store(Clock::TimePoint(std::chrono::seconds(second + 1)), std::memory_order_relaxed);
  earned_ = 0;
  spent_ = 0;
  for (const Second& one : seconds_) {
    earned_ += one.earned;
    spent_ += one.spent;
  }
}

void RetryBudget::earn() {
  const std::uint64_t calls = calls_.load(std::memory_order_relaxed);
  // One that was refused meanwhile gives its share back.
  const auto fresh = static_cast<std::int64_t>(calls - calls_seen_);
  calls_seen_ = calls;
  double earned = ratio_ * static_cast<double>(fresh);
  seconds_[static_cast<std::size_t>(now_) % kSeconds].earned += earned;
  earned_ += earned;
}

}  // namespace tern::cluster
