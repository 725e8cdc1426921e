#include "cluster/outlier.h"

#include <algorithm>

namespace tern::cluster {

bool counts_against_server(const Status& outcome) noexcept {
  // A server that cannot be reached, goes away or accepts no more calls has failed no call.
  if (outcome.handler_ran() == HandlerRan::kNo) return false;
  switch (outcome.code()) {
    case Code::kUnavailable:
    case Code::kDeadlineExceeded:
    case Code::kInternal:
    case Code::kDataLoss:
      return true;
    default:
      // Among them kUnknown: all that net/rpc's errors, which are text alone, can say.
      return false;
  }
}

bool Outlier::observe(bool failed) noexcept {
  if (!failed) {
    if (in_a_row_.load(std::memory_order_relaxed) != 0) {
      in_a_row_.store(0, std::memory_order_relaxed);
    }
    return false;
  }
  failures_.fetch_add(1, std::memory_order_relaxed);
  std::size_t in_a_row = in_a_row_.fetch_add(1, std::memory_order_relaxed) + 1;
  return policy_.consecutive_failures > 0 && in_a_row >= policy_.consecutive_failures;
}

Clock::Duration Outlier::eject(Clock::TimePoint now) {
  // One ejection is forgiven for each time_out() that it has been healthy since.
  while (times_ > 0 && now - back_since_ >= time_out()) {
    back_since_ += time_out();
    --times_;
  }
  ++times_;
  return stay_out(now);
}

Clock::Duration Outlier::stay_out(Clock::TimePoint now) {
  ejected_.store(true, std::memory_order_relaxed);
  in_a_row_.store(0, std::memory_order_relaxed);
  back_since_ = saturating_add(now, time_out());
  return time_out();
}

void Outlier::come_back(Clock::TimePoint now) noexcept {
  ejected_.store(false, std::memory_order_relaxed);
  in_a_row_.store(0, std::memory_order_relaxed);
  back_since_ = now;
}

Clock::Duration Outlier::time_out() const {
  std::int64_t times = std::max<std::int64_t>(times_, 1);
  if (policy_.first > policy_.longest / times) return policy_.longest;
  return policy_.first * times;
}

}  // namespace tern::cluster
