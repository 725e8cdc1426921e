#include "call/call_preparation.h"

#include <fmt/format.h>

#include <memory>

#include "base/duration_text.h"
#include "call/failure_text.h"
#include "stream/stream.h"
#include "wire/check_limits.h"

namespace tern::call {

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

Status CallPreparation::no_time(const StartedCall& call) const {
  return Status(Code::kDeadlineExceeded,
                failure_text(*call.method, address_,
                             fmt::format("deadline exceeded before the call: {} were left",
                                         base::duration_text(call.timeout))),
                HandlerRan::kNo);
}

}  // namespace tern::call
