// What the outcome of an attempt says of the next one.
#pragma once

#include "tern/status.h"

namespace tern::cluster {

// Whether the failure allows a retry: see RetryPolicy.
inline bool worth_a_retry(const Status& failure, bool idempotent) noexcept {
  const bool untouched = failure.handler_ran() == HandlerRan::kNo;
  if (failure.code() == Code::kUnavailable) return untouched || idempotent;
  return failure.code() == Code::kResourceExhausted && untouched;
}

// Of one that was not sent: the connection has just been lost, or has no room.
inline bool may_go_elsewhere(const Status& failure) noexcept {
  return failure.code() == Code::kUnavailable || failure.code() == Code::kResourceExhausted;
}

// Whether the server has needed all of the attempt's time.
inline bool tells_latency(const Status& outcome) noexcept {
  return outcome.ok() || outcome.handler_ran() == HandlerRan::kYes ||
         outcome.code() == Code::kDeadlineExceeded;
}

}  // namespace tern::cluster
