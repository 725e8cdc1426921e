// An attempt of a call, for one who may make several.
#pragma once

#include <cstdint>

#include "tern/buffer.h"
#include "tern/clock.h"
#include "tern/codegen/call_state.h"
#include "tern/status.h"

namespace tern::call {

// Told by a channel what becomes of a request, in the caller's place. Stays alive until on_end().
class CallAttempt {
 public:
  // The request is about to go out under this id, with which ClientChannel::cancel() ends it;
  // sending it may still fail. `native`: the argument as the native codec has it, if that has just
  // written it; else its data() is null. With the channel's lock, on the thread that sends. If
  // it throws, nothing is sent.
  virtual void on_queued(std::uint64_t id, ByteView native) = 0;
  // It leaves, for all that is known of the stream. On the loop's thread, with the channel's lock;
  // not if the end comes first.
  virtual void on_written(Clock::TimePoint now) noexcept = 0;
  // The end, once, unless sending it has failed. `place` is where the reply was to go. Without the
  // channel's lock.
  virtual void on_end(CallRef place, Status outcome) noexcept = 0;

 protected:
  ~CallAttempt() = default;
};

}  // namespace tern::call
