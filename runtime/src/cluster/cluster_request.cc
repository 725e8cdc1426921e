#include "cluster/cluster_request.h"

#include <fmt/format.h>

#include <string>

#include "base/duration_text.h"
#include "call/failure_text.h"

namespace tern::cluster {

Status not_called(const Method& method, std::string_view what) {
  return Status(Code::kResourceExhausted,
                call::failure_text(method, "cluster", fmt::format("not called: {}", what)),
                HandlerRan::kNo);
}

Status Request::not_called(const Status& why, std::size_t attempts) const {
  const std::string what =
      attempts == 0 ? "not called"
                    : fmt::format("failed after {} attempt{}", attempts, attempts == 1 ? "" : "s");
  return why.with_context(call::failure_text(method_, cluster_, what))
      .with_handler_ran(HandlerRan::kNo);
}

Status Request::cancelled() const {
  return Status(Code::kCancelled, call::failure_text(method_, cluster_, "cancelled by the caller"),
                HandlerRan::kNo);
}

Status Request::out_of_time(std::chrono::nanoseconds timeout, std::size_t attempts) const {
  std::string what = fmt::format("no {} within {}", attempts > 0 ? "success" : "server to call",
                                 base::duration_text(timeout));
  if (attempts > 0) {
    what += fmt::format("; {} attempt{} failed", attempts, attempts == 1 ? " has" : "s have");
  }
  return Status(Code::kDeadlineExceeded, call::failure_text(method_, cluster_, what),
                HandlerRan::kNo);
}

Status Request::no_time(std::chrono::nanoseconds timeout) const {
  return Status(Code::kDeadlineExceeded,
                call::failure_text(method_, cluster_,
                                   fmt::format("deadline exceeded before the call: {} were left",
                                               base::duration_text(timeout))),
                HandlerRan::kNo);
}

}  // namespace tern::cluster
