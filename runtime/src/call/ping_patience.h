// How long a client waits before it pings a server that has had too many pings.
#pragma once

#include "tern/clock.h"

namespace tern::call {

// Of one address: what its server has asked for on one connection counts for those that follow.
class PingPatience {
 public:
  // From now on twice as long as up to now.
  void double_it() noexcept {
    if (doublings_ < kMost) ++doublings_;
  }
  // Instead of `interval`, which is 0 or more.
  Clock::Duration of(Clock::Duration interval) const noexcept {
    for (int i = 0; i < doublings_; ++i) {
      if (interval > Clock::Duration::max() / 2) return Clock::Duration::max();
      interval *= 2;
    }
    return interval;
  }

 private:
  // A nanosecond becomes more than all time there is.
  static constexpr int kMost = 64;
  int doublings_ = 0;
};

}  // namespace tern::call
