#include "call/failure_text.h"

#include <fmt/format.h>

#include <chrono>
#include <new>

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

Status given_up(const StartedCall& call, std::string_view address, Code code, Missing missing,
                const Status& last_attempt) noexcept {
  const bool no_connection = missing == Missing::kConnection;
  const HandlerRan ran = no_connection ? HandlerRan::kNo : HandlerRan::kUnknown;
  try {
    std::string what = "cancelled by the caller";
    if (code == Code::kDeadlineExceeded) {
      what = fmt::format("no {} within {}", no_connection ? "connection" : "reply",
                         base::duration_text(call.timeout));
      if (!last_attempt.ok()) what += fmt::format("; the last attempt: {}", last_attempt.message());
    }
    return Status(code, failure_text(*call.method, address, what), ran)
        .with_cause(last_attempt.cause());
  } catch (const std::bad_alloc&) {
    // The call ends all the same, with fewer words.
    return Status::without_memory(code, ran);
  }
}

Status out_of_memory() noexcept {
  return Status::without_memory(Code::kUnavailable, HandlerRan::kNo);
}

}  // namespace tern::call
