#include "cluster/cluster_request.h"

#include <fmt/format.h>

#include <string>

#include "base/duration_text.h"
#include "call/failure_text.h"

namespace tern {

Status ClusterRequest::not_called(const Status& why, std::size_t attempts) const {
  const std::string what =
      attempts == 0 ? "not called"
                    : fmt::format("failed after {} attempt{}", attempts, attempts == 1 ? "" : "s");
  return why.with_context(failure_text(method_, cluster_, what)).with_handler_ran(HandlerRan::kNo);
}

Status ClusterRequest::cancelled() const {
  return Status(Code::kCancelled, failure_text(method_, cluster_, "cancelled by the caller"),
                HandlerRan::kNo);
}

Status ClusterRequest::out_of_time(std::chrono::nanoseconds timeout, std::size_t attempts) const {
  std::string what = fmt::format("no {} within {}", attempts > 0 ? "success" : "server to call",
                                 duration_text(timeout));
  if (attempts > 0) {
    what += fmt::format("; {} attempt{} failed", attempts, attempts == 1 ? " has" : "s have");
  }
  return Status(Code::kDeadlineExceeded, failure_text(method_, cluster_, what), HandlerRan::kNo);
}

Status ClusterRequest::no_time(std::chrono::nanoseconds timeout) const {
  return Status(Code::kDeadlineExceeded,
                failure_text(method_, cluster_,
                             fmt::format("deadline exceeded before the call: {} were left",
                                         duration_text(timeout))),
                HandlerRan::kNo);
}

}  // namespace tern
