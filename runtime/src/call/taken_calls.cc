#include "call/taken_calls.h"

#include <fmt/format.h>

#include <chrono>
#include <new>

#include "base/duration_text.h"
#include "call/failure_text.h"

namespace tern::call {

void TakenCalls::send(RequestQueue& queue, Loop& loop, const std::string& address) noexcept {
  for (Entry& taken : calls_) {
    try {
      taken.failure = send(taken, queue, loop, address);
    } catch (const std::bad_alloc&) {
      taken.failure = Status::without_memory(Code::kUnavailable, HandlerRan::kNo);
    }
  }
  try {
    queue.start_deadlines();
  } catch (const std::bad_alloc&) {
    // The next flush does it.
  }
}

Status TakenCalls::send(Entry& taken, RequestQueue& queue, Loop& loop, const std::string& address) {
  StartedCall& call = taken.call->started;
  const std::chrono::nanoseconds left =
      call.has_deadline() ? call.deadline - loop.now() : call.timeout;
  if (call.has_deadline() && left <= std::chrono::nanoseconds::zero()) {
    return Status(
        Code::kDeadlineExceeded,
        failure_text(*call.method, address,
                     fmt::format("no connection within {}", base::duration_text(call.timeout))),
        HandlerRan::kNo);
  }
  return queue.send(taken.id, call, taken.call->argument(), taken.call->metadata(), left);
}

void TakenCalls::finish_unsent() {
  for (Entry& taken : calls_) {
    if (!taken.failure.ok()) taken.call->started.finish(std::move(taken.failure));
  }
}

}  // namespace tern::call
