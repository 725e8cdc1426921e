#include "serve/interception.h"

#include <exception>
#include <string>
#include <utility>

#include "serve/session_call.h"

namespace tern::serve {

Status Interception::start(const Interceptors& all) {
  all_ = &all;
  InterceptedCall seen = call_.intercepted();
  for (const std::shared_ptr<Interceptor>& one : all) {
    Status status = one->on_start(seen);
    if (!status.ok()) return status;
    ++passed_;
  }
  return {};
}

void Interception::tell_end(const Status& outcome) noexcept {
  InterceptedCall seen = call_.intercepted();
  while (passed_ > 0) (*all_)[--passed_]->on_finish(seen, outcome);
}

// The stream forgets this when the call ends.
void Interception::watch(stream::Stream& stream) {
  seeing_ = stream::stream_interceptors(*all_);
  if (seeing_.empty()) return;
  stream::MessageWatch* watch = this;
  stream.add_watch(std::shared_ptr<stream::MessageWatch>(std::shared_ptr<void>(), watch));
}

Status Interception::on_message(const InterceptedMessage& message) {
  CallHold hold(call_);
  const bool sent = message.direction == InterceptedMessage::Direction::kSent;
  InterceptedCall seen = call_.intercepted();
  for (std::size_t i = 0; i < seeing_.size(); ++i) {
    if (!active()) return {};  // the outcome is known
    telling_ = true;
    Status status = tell(*seeing_[sent ? seeing_.size() - 1 - i : i], seen, message);
    telling_ = false;
    if (!status.ok()) return status.with_handler_ran(HandlerRan::kYes);
  }
  return {};
}

Status Interception::tell(StreamInterceptor& interceptor, InterceptedCall& seen,
                          const InterceptedMessage& message) {
  std::string thrown;
  try {
    return interceptor.on_message(seen, message);
  } catch (const std::exception& exception) {
    thrown = exception.what();
  } catch (...) {
    thrown = "something that is not a std::exception";
  }
  return call_.exception_status("an interceptor", thrown);
}

}  // namespace tern::serve
