#include "base/backoff.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/random.h"

namespace tern::base {

BackoffSchedule::BackoffSchedule(const Backoff& backoff, std::function<double()> random)
    : backoff_(backoff), random_(random ? std::move(random) : shared_random(nullptr)) {}

std::chrono::nanoseconds BackoffSchedule::next() {
  auto most = static_cast<double>(backoff_.max.count());
  double wait = static_cast<double>(backoff_.initial.count()) *
                std::pow(backoff_.factor, static_cast<double>(failures_));
  ++failures_;
  double spread = 1.0 + backoff_.jitter * (2.0 * std::clamp(random_(), 0.0, 1.0) - 1.0);
  double jittered = std::max(0.0, std::min(wait, most) * spread);
  constexpr double kLongest = 9.2e18;  // fits in 64 bits
  return std::chrono::nanoseconds(std::llround(std::min(jittered, kLongest)));
}

}  // namespace tern::base
