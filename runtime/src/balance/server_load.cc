#include "tern/server_load.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tern {

namespace {

constexpr double kDecayNanoseconds = 10e9;

double decay(Clock::Duration since) {
  double times = static_cast<double>(std::max<std::int64_t>(since.count(), 0)) / kDecayNanoseconds;
  // Nearly every time, and off by less than a millionth.
  return times < 0.01 ? 1 - times + times * times / 2 : std::exp(-times);
}

}  // namespace

ServerLoad::ServerLoad(std::uint64_t id, Instance instance)
    : id_(id), instance_(std::move(instance)), weight_(instance_.weight) {}

void ServerLoad::observe(std::chrono::nanoseconds time, Clock::TimePoint now) noexcept {
  // A call that took no time that the clock could see was observed all the same.
  auto seen = static_cast<double>(std::max<std::int64_t>(time.count(), 1));
  const double keep = decay(now - observed_at_.load(std::memory_order_relaxed));
  observed_at_.store(now, std::memory_order_relaxed);
  double average = average_.load(std::memory_order_relaxed);
  double next = 0;
  do {
    next = seen < average ? average * keep + seen * (1 - keep) : seen;
  } while (!average_.compare_exchange_weak(average, next, std::memory_order_relaxed));
}

std::chrono::nanoseconds ServerLoad::peak_ewma(Clock::TimePoint now) const noexcept {
  double average = average_.load(std::memory_order_relaxed);
  if (average == 0) return std::chrono::nanoseconds(0);
  // Nobody calls a server that is taken for slow: in time it deserves another try.
  average *= decay(now - observed_at_.load(std::memory_order_relaxed));
  return std::chrono::nanoseconds(std::max<std::int64_t>(std::llround(average), 1));
}

}  // namespace tern
