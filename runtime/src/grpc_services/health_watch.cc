#include "grpc_services/health_watch.h"

#include <new>
#include <utility>

namespace tern::grpc_services {

void HealthWatch::tell(tern_grpc::ServingStatus status) noexcept {
  std::lock_guard lock(mutex_);
  wanted_ = status;
  if (state_ == State::kIdle) write();
}

void HealthWatch::write() {
  if (sent_ == wanted_) return;
  sent_ = wanted_;
  message_.status = wanted_;
  try {
    if (out_.try_write(message_)) return;
    // There is no room, or the stream has ended: then it is said soon.
    state_ = State::kWaits;
    out_.then(message_, [self = shared_from_this()](bool queued) { self->written(queued); });
  } catch (const std::bad_alloc&) {
    // Not with finish(): so whoever waits for the call to be given up hears of it.
    state_ = State::kEnded;
    cancel_without_memory(*out_.state());
  }
}

void HealthWatch::written(bool queued) {
  std::lock_guard lock(mutex_);
  if (state_ == State::kEnded) return;
  state_ = queued ? State::kIdle : State::kEnded;
  if (queued) write();
}

void HealthWatch::finish(Status why) {
  std::lock_guard lock(mutex_);
  if (std::exchange(state_, State::kEnded) != State::kEnded) out_.finish(std::move(why));
}

}  // namespace tern::grpc_services
