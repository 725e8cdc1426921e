// A call of a channel that waits for a session.
#pragma once

#include "base/timer_queue.h"
#include "call/started_call.h"
#include "tern/codegen/type_ops.h"
#include "tern/metadata.h"

namespace tern::call {

// The argument is a copy, since the caller's is gone when start() has returned; it is encoded when
// there is a connection that says how.
class WaitingCall {
 public:
  WaitingCall(const TypeOps& type, const void* argument, const Metadata& metadata,
              bool wait_for_ready)
      : type_(type), metadata_(metadata), wait_for_ready_(wait_for_ready) {
    if (argument) argument_ = type_.clone(argument);
  }
  WaitingCall(const WaitingCall&) = delete;
  WaitingCall& operator=(const WaitingCall&) = delete;
  ~WaitingCall() {
    if (argument_) type_.destroy(argument_);
  }

  StartedCall started;  // set by WaitingCalls
  const void* argument() const noexcept { return argument_; }
  const Metadata& metadata() const noexcept { return metadata_; }
  bool wait_for_ready() const noexcept { return wait_for_ready_; }

 private:
  friend class WaitingCalls;
  const TypeOps& type_;
  void* argument_ = nullptr;
  Metadata metadata_;
  bool wait_for_ready_;
  bool watched_ = false;
  base::Timer deadline_;
};

}  // namespace tern::call
