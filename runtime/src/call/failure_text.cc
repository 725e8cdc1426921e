#include "call/failure_text.h"

#include <fmt/format.h>

#include <chrono>

#include "base/duration_text.h"

namespace tern::call {

std::string failure_text(const Method& method, std::string_view address, std::string_view what) {
  return fmt::format("{}/{} on {}: {}", method.service, method.name, address, what);
}

std::string not_connected_text(const Status& why, std::chrono::nanoseconds next_attempt_in) {
  return fmt::format(
      "not connected: {}; next attempt in {}", why.message(),
      base::duration_text(std::chrono::floor<std::chrono::milliseconds>(next_attempt_in)));
}

Status lost_call(const Method& method, std::string_view address, const Status& why, bool sent,
                 bool refused) {
  std::string_view what = "not called";
  if (why.code() == Code::kCancelled) {
    if (sent) what = "cancelled before the reply came";
  } else if (!refused) {
    what = sent ? "connection lost before the reply came"
                : "connection lost before the request was sent";
  }
  return why.with_context(failure_text(method, address, what))
      .with_handler_ran(sent && !refused ? HandlerRan::kUnknown : HandlerRan::kNo);
}

Status out_of_memory() noexcept {
  return Status::without_memory(Code::kUnavailable, HandlerRan::kNo);
}

}  // namespace tern::call
