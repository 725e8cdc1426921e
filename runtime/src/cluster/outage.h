// When a cluster has lost its last server.
#pragma once

#include <utility>

#include "tern/clock.h"

namespace tern::cluster {

// From the time when the last server that could be reached was lost, until another can be. Servers
// that could never be reached are no outage. Threads: one at a time.
class Outage {
 public:
  // A server is connected.
  void note_reached() noexcept { reached_ = true; }
  // Which servers calls can go to has changed: whether any. True if an outage begins now.
  bool update(bool any, Clock::TimePoint now) noexcept {
    if (any) {
      began_at_ = Clock::TimePoint::max();
      return false;
    }
    if (!std::exchange(reached_, false)) return false;
    began_at_ = now;
    return true;
  }
  // Whether one goes on that has begun less than `wait` ago.
  bool is_younger(Clock::Duration wait, Clock::TimePoint now) const noexcept {
    return began_at_ != Clock::TimePoint::max() && now < saturating_add(began_at_, wait);
  }

 private:
  bool reached_ = false;  // a server, since the last outage began
  Clock::TimePoint began_at_ = Clock::TimePoint::max();
};

}  // namespace tern::cluster
