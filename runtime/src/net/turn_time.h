// The time of what a connection has read at once.
#pragma once

#include "tern/clock.h"

namespace tern::net {

// Reading a clock takes as long as much of a call does. Who needs the time only as of when bytes
// came shares one reading with everybody else whom these bytes concern. Exists on the stack of a
// loop's thread while a connection's user looks at them.
class TurnTime {
 public:
  TurnTime() noexcept : outer_(innermost_) { innermost_ = this; }
  TurnTime(const TurnTime&) = delete;
  TurnTime& operator=(const TurnTime&) = delete;
  ~TurnTime() { innermost_ = outer_; }

  // When it was first asked for of this thread's bytes. Without any, and of another clock: now.
  static Clock::TimePoint get(const Clock& clock) noexcept;

 private:
  static thread_local TurnTime* innermost_;

  TurnTime* const outer_;
  const Clock* clock_ = nullptr;  // null: not asked for yet
  Clock::TimePoint time_{};
};

}  // namespace tern::net
