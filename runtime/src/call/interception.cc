#include "call/interception.h"

#include <exception>
#include <string>

namespace tern::call {

namespace {

// Of the exception that is being handled.
Status thrown() {
  try {
    throw;
  } catch (const std::exception& exception) {
    return Status(Code::kInternal, std::string("interceptor: ") + exception.what());
  } catch (...) {
    return Status(Code::kInternal, "interceptor: threw something that is not a std::exception");
  }
}

}  // namespace

Status Interception::start(Metadata& reply_metadata) {
  InterceptedCall call = view(reply_metadata);
  for (const std::shared_ptr<Interceptor>& interceptor : interceptors_) {
    Status status;
    try {
      status = interceptor->on_start(call);
    } catch (...) {
      status = thrown();
    }
    if (!status.ok()) return status.with_handler_ran(HandlerRan::kNo);
    ++passed_;
  }
  return {};
}

void Interception::finish(Metadata& reply_metadata, const Status& outcome) noexcept {
  InterceptedCall call = view(reply_metadata);
  while (passed_ > 0) interceptors_[--passed_]->on_finish(call, outcome);
}

bool Interception::sees_messages() {
  seeing_ = stream::stream_interceptors(interceptors_);
  return !seeing_.empty();
}

Status Interception::on_message(const InterceptedMessage& message) {
  const bool sent = message.direction == InterceptedMessage::Direction::kSent;
  InterceptedCall call = view(no_reply_);
  for (std::size_t i = 0; i < seeing_.size(); ++i) {
    if (passed_ == 0) return {};  // the call has ended meanwhile
    StreamInterceptor& one = *seeing_[sent ? i : seeing_.size() - 1 - i];
    Status status;
    try {
      status = one.on_message(call, message);
    } catch (...) {
      status = thrown();
    }
    if (status.ok()) continue;
    refused_ = true;
    return status.with_handler_ran(sent ? HandlerRan::kUnknown : HandlerRan::kYes);
  }
  return {};
}

InterceptedCall Interception::view(Metadata& reply_metadata) {
  InterceptedCall call{
      method_,     InterceptedCall::Side::kClient, peer_, metadata_, reply_metadata, values_,
      std::nullopt};
  if (deadline_ != Clock::TimePoint::max()) call.timeout = deadline_ - clock_.now();
  return call;
}

}  // namespace tern::call
