// How many bytes of replies a client lets gather before it reads them.
#pragma once

#include <cstddef>

#include "tern/clock.h"

namespace tern::call {

// A server that writes each reply alone wakes its client for each. Where many calls are in flight
// and their replies come one close upon the other, it is cheaper to take many at once.
//
// A reply waits for others at most half as long as calls take at the pace seen, since it waits for
// no more than half of the calls that were started after its own: those are behind it in the
// server's queue. So the server never runs out of calls, and a reply that overtakes calls which are
// still running, or that nothing follows, is not held back.
// Threads: one.
class ReplyGathering {
 public:
  // `limit` is the longest that a reply may be held back; 0: never.
  explicit ReplyGathering(Clock::Duration limit) noexcept : limit_(limit) {}

  struct Turn {
    Clock::TimePoint now;
    std::size_t replies = 0;  // that the turn found, and
    std::size_t bytes = 0;    // their length
    std::size_t younger = 0;  // calls that wait and that were started after the one answered last
  };

  bool on() const noexcept { return limit_ > Clock::Duration::zero(); }
  Clock::Duration limit() const noexcept { return limit_; }
  // After each turn that brought bytes: how many to wait for before the next; 0: any.
  std::size_t after(const Turn& turn) noexcept;

 private:
  std::size_t worth_waiting_for(std::size_t younger) const noexcept;

  Clock::Duration limit_;
  Clock::TimePoint last_turn_{};
  bool knows_last_turn_ = false;
  Clock::Duration pace_{};   // between two replies, smoothed
  std::size_t size_ = 0;     // of a reply, smoothed
  std::size_t waiting_ = 0;  // replies: what the last answer was
};

}  // namespace tern::call
