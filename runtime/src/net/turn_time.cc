#include "net/turn_time.h"

namespace tern::net {

thread_local TurnTime* TurnTime::innermost_ = nullptr;

Clock::TimePoint TurnTime::get(const Clock& clock) noexcept {
  TurnTime* turn = innermost_;
  if (!turn) return clock.now();
  if (turn->clock_ == &clock) return turn->time_;
  if (turn->clock_) return clock.now();
  turn->clock_ = &clock;
  turn->time_ = clock.now();
  return turn->time_;
}

}  // namespace tern::net
