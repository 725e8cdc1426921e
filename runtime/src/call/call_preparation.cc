#include "call/call_preparation.h"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <optional>

#include "base/duration_text.h"
#include "call/call_timeout.h"
#include "call/failure_text.h"
#include "stream/stream.h"
#include "tern/field.h"
#include "wire/check_limits.h"

namespace tern::call {

namespace {

using Time = std::chrono::nanoseconds;

}  // namespace

Status CallPreparation::prepare(StartedCall& call, const Method& method,
                                const CallOptions& options) const {
  call.method = &method;
  const std::optional<Time> timeout = timeout_of(options, method, options_);
  if (timeout) {
    call.timeout = *timeout;
    call.deadline = saturating_add(loop_.now(), *timeout);
  }
  if (call.call->stream()) {
    Status refused = begin_stream(call, options);
    if (!refused.ok()) return refused;
  }
  Status refused = intercept(call, options.metadata);
  if (!refused.ok()) return refused;
  if (timeout && *timeout <= Time::zero()) {
    return Status(Code::kDeadlineExceeded,
                  failure_text(method, address_,
                               fmt::format("deadline exceeded before the call: {} were left",
                                           base::duration_text(*timeout))),
                  HandlerRan::kNo);
  }
  return {};
}

Status CallPreparation::begin_stream(StartedCall& call, const CallOptions& options) const {
  const Method& method = *call.method;
  auto* stream = dynamic_cast<stream::Stream*>(call.call->stream());
  if (!stream || !stream->is_on(loop_)) {
    return Status(
        Code::kFailedPrecondition,
        failure_text(method, address_,
                     "the stream of the call was not made by make_stream() of this client"),
        HandlerRan::kNo);
  }
  if (!wire::allow_streams(options_.limits)) {
    return Status(Code::kUnimplemented,
                  failure_text(method, address_,
                               "the client's limits allow no streams (Limits::streams and "
                               "stream_window)"),
                  HandlerRan::kNo);
  }
  stream->set_message_timeout(options.message_timeout.value_or(method.message_timeout));
  return {};
}

Status CallPreparation::start_interceptors(StartedCall& call, const Metadata& metadata) const {
  call.interception = std::make_shared<Interception>(options_.interceptors, *call.method, address_,
                                                     metadata, loop_.clock(), call.deadline);
  Status refused = call.interception->start(call.call->reply_metadata());
  if (refused.ok() && call.call->stream() && call.interception->sees_messages()) {
    static_cast<stream::Stream*>(call.call->stream())->add_watch(call.interception);
  }
  return refused;
}

}  // namespace tern::call
