#include "tern/codegen/call_state.h"

#include <exception>
#include <list>
#include <utility>

#include "tern/codegen/stream_state.h"

namespace tern {

namespace {

// Callbacks that have come late, and wait for the one that runs on their thread.
struct LateCallback {
  CallRef call;
  UniqueFunction<void()> callback;
};
// Of the thread, while it runs one.
thread_local std::list<LateCallback>* late_callbacks = nullptr;

}  // namespace

// The caller moves the phase from kRunning to kCallback at most once, the channel moves it to kDone
// once; the second of them finds what the first one has left, and runs the callback.

void CallState::complete(Status status) noexcept {
  if (done()) return;
  status_ = std::move(status);
  if (stream_) stream_->end_with_call(status_, reply_metadata_);
  Phase before = phase_.exchange(Phase::kDone, std::memory_order_acq_rel);
  if (before == Phase::kRunning) {
    phase_.notify_all();
  } else {
    run(callback_);
  }
}

const Metadata& CallState::initial_metadata() const noexcept {
  static const Metadata kNone;
  return initial_metadata_ ? *initial_metadata_ : kNone;
}

void CallState::wait_for(Phase at_least) const noexcept {
  for (;;) {
    Phase phase = phase_.load(std::memory_order_acquire);
    if (phase >= at_least) return;
    phase_.wait(phase, std::memory_order_acquire);
  }
}

bool CallState::leave_callback(UniqueFunction<void()>& callback) noexcept {
  if (done()) return false;
  callback_ = std::move(callback);
  Phase phase = Phase::kRunning;
  if (phase_.compare_exchange_strong(phase, Phase::kCallback, std::memory_order_acq_rel)) {
    return true;
  }
  callback = std::move(callback_);
  return false;
}

void CallState::on_done(UniqueFunction<void()> callback) {
  if (leave_callback(callback)) return;
  if (late_callbacks) {
    late_callbacks->push_back({CallRef::share(*this), std::move(callback)});
    return;
  }
  std::list<LateCallback> waiting;
  late_callbacks = &waiting;
  run(callback);
  while (!waiting.empty()) {
    LateCallback next = std::move(waiting.front());
    waiting.pop_front();
    next.call->run(next.callback);
  }
  late_callbacks = nullptr;
}

void CallState::cancel() noexcept {
  if (done()) return;
  cancelled_.store(true, std::memory_order_release);
  try {
    if (std::shared_ptr<CallOwner> owner = owner_.lock()) owner->cancel(call_id_);
  } catch (...) {
    // Out of memory for the message to the loop: a stream says so itself; a unary call goes on as
    // if nobody had asked.
    if (stream_) stream_->cancel(Status::without_memory(Code::kCancelled, HandlerRan::kUnknown));
  }
}

// A callback holds a reference to its call: it is dropped as soon as it has run. An exception is
// not the completing thread's, which has other calls to end.
void CallState::run(UniqueFunction<void()>& callback) noexcept {
  try {
    callback();
  } catch (const std::exception& thrown) {
    report(thrown.what());
  } catch (...) {
    report("something that is not a std::exception");
  }
  callback.reset();
}

void CallState::report(std::string_view thrown) noexcept {
  try {
    if (std::shared_ptr<CallOwner> owner = owner_.lock()) {
      owner->callback_threw(thrown);
    } else {
      struct Nobody final : CallOwner {
        void cancel(std::uint64_t) override {}
      };
      Nobody().callback_threw(thrown);
    }
  } catch (...) {
    // The log has thrown, too.
  }
}

}  // namespace tern
