#include "call/keepalive.h"

#include <utility>

namespace tern::call {

Keepalive::Keepalive(Loop& loop, Clock::Duration interval, Clock::Duration timeout,
                     UniqueFunction<void()> on_timer)
    : loop_(loop),
      interval_(interval),
      timeout_(timeout),
      phase_(interval > Clock::Duration::zero() ? Phase::kIdle : Phase::kOff),
      timer_(std::move(on_timer)) {}

void Keepalive::note(const Traffic& traffic) noexcept {
  heard_at_ = loop_.now();
  heard_bytes_ = bytes(traffic);
}

void Keepalive::begin(const Traffic& traffic) {
  note(traffic);
  loop_.start_timer(timer_, interval_);
  phase_ = Phase::kListening;
}

Keepalive::Step Keepalive::next(const Traffic& traffic) {
  // heard() comes only with a message that is complete. Who is not read from is not silent.
  if (bytes(traffic) != heard_bytes_ || traffic.shared.held_up) note(traffic);
  const Clock::TimePoint now = loop_.now();
  if (phase_ == Phase::kAsked && heard_at_ < asked_at_) {
    if (traffic.bytes_written >= ping_end_) return Step::kGiveUp;
    asked_at_ = now;
    loop_.start_timer(timer_, timeout_);
    return Step::kListen;
  }
  const Clock::TimePoint due = saturating_add(heard_at_, interval_);
  if (due > now) {
    loop_.start_timer(timer_, due);
    phase_ = Phase::kListening;
    return Step::kListen;
  }
  asked_at_ = now;
  loop_.start_timer(timer_, timeout_);
  phase_ = Phase::kAsked;
  return Step::kPing;
}

void Keepalive::stop_listening() noexcept {
  if (phase_ == Phase::kOff) return;
  timer_.cancel();
  phase_ = Phase::kIdle;
}

void Keepalive::end() noexcept {
  timer_.cancel();
  phase_ = Phase::kOff;
}

}  // namespace tern::call
