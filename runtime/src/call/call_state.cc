#include "tern/call_state.h"

#include <utility>

namespace tern {

// The caller moves the phase from kRunning to kCallback at most once, the channel moves it to kDone
// once; whoever comes second finds what the first one left behind, and runs the callback.

void CallState::complete(Status status) noexcept {
  if (done()) return;
  status_ = std::move(status);
  Phase before = phase_.exchange(Phase::kDone, std::memory_order_acq_rel);
  if (before == Phase::kRunning) {
    phase_.notify_all();
  } else {
    run(callback_);
  }
}

void CallState::wait_for(Phase at_least) const noexcept {
  for (;;) {
    Phase phase = phase_.load(std::memory_order_acquire);
    if (phase >= at_least) return;
    phase_.wait(phase, std::memory_order_acquire);
  }
}

void CallState::set_handed_over() noexcept {
  phase_.store(Phase::kHandedOver, std::memory_order_release);
  phase_.notify_all();
}

void CallState::on_done(UniqueFunction<void()> callback) {
  if (done()) {
    run(callback);
    return;
  }
  callback_ = std::move(callback);
  Phase phase = Phase::kRunning;
  if (!phase_.compare_exchange_strong(phase, Phase::kCallback, std::memory_order_acq_rel)) {
    UniqueFunction<void()> mine = std::move(callback_);
    run(mine);
  }
}

void CallState::cancel() noexcept {
  if (done()) return;
  try {
    if (std::shared_ptr<CallOwner> owner = owner_.lock()) owner->cancel(call_id_);
  } catch (...) {
    // Out of memory for the message to the loop: the call goes on as if nobody had asked.
  }
}

// A callback holds a reference to its call: it is let go as soon as it has run.
void CallState::run(UniqueFunction<void()>& callback) noexcept {
  try {
    callback();
  } catch (...) {
    // There is nobody to tell: the thread belongs to the connection, not to the caller.
  }
  callback.reset();
}

}  // namespace tern
