// The shortest round trip of a connection, as far as it is known.
#pragma once

#include <algorithm>
#include <chrono>

#include "tern/clock.h"

namespace tern::stream {

// A round trip through a queue says how long the queue is; the shortest one how long the way is. A
// way can become longer, so one that was seen more than 10 to 20 seconds ago counts no more: the
// time after which BBR (draft-cardwell-iccrg-bbr-congestion-control, "MinRTTFilterLen") forgets its
// own.
class ShortestRoundTrip {
 public:
  void note(Clock::TimePoint now, Clock::Duration took) noexcept {
    if (now - since_ >= kPeriod) {
      // Of a period that ended long ago nothing is left.
      before_ = now - since_ >= 2 * kPeriod ? Clock::Duration::max() : current_;
      current_ = Clock::Duration::max();
      since_ = now;
    }
    current_ = std::min(current_, took);
  }
  // Only after note().
  Clock::Duration get() const noexcept { return std::min(before_, current_); }

 private:
  static constexpr std::chrono::seconds kPeriod{10};

  Clock::TimePoint since_{};  // of the current period
  Clock::Duration current_ = Clock::Duration::max();
  Clock::Duration before_ = Clock::Duration::max();
};

}  // namespace tern::stream
