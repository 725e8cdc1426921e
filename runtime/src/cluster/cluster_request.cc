#include "cluster/cluster_request.h"

#include <fmt/format.h>

#include <exception>
#include <new>
#include <string>

#include "base/duration_text.h"
#include "call/failure_text.h"

namespace tern::cluster {

namespace {

// A failure with the text that `make` makes, if there is memory for that.
template <typename Make>
Status failure(Code code, Make make) noexcept {
  try {
    return Status(code, make(), HandlerRan::kNo);
  } catch (const std::bad_alloc&) {
    return Status::without_memory(code, HandlerRan::kNo);
  }
}

}  // namespace

Status failure_of_thrown() noexcept {
  const auto because = [](std::string_view what) {
    return failure(Code::kResourceExhausted, [what] { return std::string(what); });
  };
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return Status::without_memory(Code::kResourceExhausted, HandlerRan::kNo);
  } catch (const std::exception& thrown) {
    return because(thrown.what());
  } catch (...) {
    return because("something that is not a std::exception was thrown");
  }
}

Status not_called(const Method& method) noexcept {
  const Status why = failure_of_thrown();
  try {
    return why.with_context(call::failure_text(method, "cluster", "not called"));
  } catch (const std::bad_alloc&) {
    return why;
  }
}

Status Request::not_called(const Status& why, std::size_t attempts) const noexcept {
  try {
    const std::string what = attempts == 0 ? "not called"
                                           : fmt::format("failed after {} attempt{}", attempts,
                                                         attempts == 1 ? "" : "s");
    return why.with_context(call::failure_text(method_, cluster_, what))
        .with_handler_ran(HandlerRan::kNo);
  } catch (const std::bad_alloc&) {
    return why.with_handler_ran(HandlerRan::kNo);
  }
}

Status Request::cancelled() const noexcept {
  return failure(Code::kCancelled, [this] {
    return call::failure_text(method_, cluster_, "cancelled by the caller");
  });
}

Status Request::out_of_time(std::chrono::nanoseconds timeout, std::size_t attempts) const noexcept {
  return failure(Code::kDeadlineExceeded, [&] {
    std::string what = fmt::format("no {} within {}", attempts > 0 ? "success" : "server to call",
                                   base::duration_text(timeout));
    if (attempts > 0) {
      what += fmt::format("; {} attempt{} failed", attempts, attempts == 1 ? " has" : "s have");
    }
    return call::failure_text(method_, cluster_, what);
  });
}

Status Request::no_time(std::chrono::nanoseconds timeout) const noexcept {
  return failure(Code::kDeadlineExceeded, [&] {
    return call::failure_text(method_, cluster_,
                              fmt::format("deadline exceeded before the call: {} were left",
                                          base::duration_text(timeout)));
  });
}

}  // namespace tern::cluster
