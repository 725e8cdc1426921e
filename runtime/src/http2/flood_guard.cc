#include "http2/flood_guard.h"

#include <algorithm>
#include <chrono>

namespace tern::http2 {

void FloodGuard::set_time(Clock::TimePoint now) noexcept {
  constexpr Clock::Duration kOneToken =
      std::chrono::nanoseconds(std::chrono::seconds(1)) / kASecond;
  now_ = now;
  const std::int64_t came = (now - filled_at_) / kOneToken;
  if (came <= 0) return;
  filled_at_ += came * kOneToken;
  add(std::min(came, kBurst + kASecond));
}

void FloodGuard::note_ping() noexcept {
  if (now_ < next_ping_) ++strikes_;
  next_ping_ = saturating_add(now_, kPingInterval);
}

void FloodGuard::note_sent() noexcept {
  add(kOfSent);
  next_ping_ = Clock::TimePoint::min();
  strikes_ = 0;
}

// A flood has no way back.
void FloodGuard::add(std::int64_t tokens) noexcept {
  if (!flooded()) tokens_ = std::min(tokens_ + tokens, kBurst);
}

}  // namespace tern::http2
