#include "tern/clock.h"

#include <algorithm>
#include <cstddef>
#include <new>

namespace tern {

namespace {

class SteadyClock final : public Clock {
 public:
  TimePoint now() const noexcept override { return std::chrono::steady_clock::now(); }
  bool runs() const noexcept override { return true; }
  void add_listener(TimeListener&) override {}
  void remove_listener(TimeListener&) override {}
};

}  // namespace

Clock& steady_clock() noexcept {
  // Never destroyed: threads that nobody waits for may ask it while the process ends.
  alignas(SteadyClock) static std::byte place[sizeof(SteadyClock)];
  static SteadyClock* const clock = ::new (place) SteadyClock();
  return *clock;
}

Clock::TimePoint saturating_add(Clock::TimePoint start, Clock::Duration wait) noexcept {
  if (wait > Clock::Duration::zero() && start > Clock::TimePoint::max() - wait) {
    return Clock::TimePoint::max();
  }
  if (wait < Clock::Duration::zero() && start < Clock::TimePoint::min() - wait) {
    return Clock::TimePoint::min();
  }
  return start + wait;
}

Clock::TimePoint ManualClock::now() const noexcept {
  std::lock_guard lock(mutex_);
  return now_;
}

void ManualClock::add_listener(TimeListener& listener) {
  std::lock_guard lock(mutex_);
  listeners_.push_back(&listener);
}

void ManualClock::remove_listener(TimeListener& listener) {
  std::lock_guard lock(mutex_);
  std::erase(listeners_, &listener);
}

void ManualClock::advance(Duration by) {
  // The listeners only post to their loops, so that calling them under the lock is safe; and with
  // it remove_listener() returns when none of them is being called any more.
  std::lock_guard lock(mutex_);
  now_ = saturating_add(now_, by);
  for (TimeListener* listener : listeners_) listener->on_time_moved();
}

}  // namespace tern
