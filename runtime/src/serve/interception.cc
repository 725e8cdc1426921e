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

void Interception::hold(const Interceptors& all, stream::Stream& stream) {
  all_ = &all;
  watch(stream);
  if (!seeing_.empty()) held_ = std::make_unique<std::vector<Held>>();
}

Status Interception::tell_held() {
  const std::unique_ptr<std::vector<Held>> held = std::move(held_);
  if (!held) return {};
  for (const Held& one : *held) {
    Status status =
        on_message({InterceptedMessage::Direction::kReceived, one.bytes.view(), *one.codec});
    if (!status.ok()) return status.with_handler_ran(HandlerRan::kNo);
  }
  return {};
}

// The stream forgets this when the call ends.
void Interception::watch(stream::Stream& stream) {
  if (!seeing_.empty()) return;  // it was held
  seeing_ = stream::stream_interceptors(*all_);
  if (seeing_.empty()) return;
  stream::MessageWatch* watch = this;
  stream.add_watch(std::shared_ptr<stream::MessageWatch>(std::shared_ptr<void>(), watch));
}

Status Interception::on_message(const InterceptedMessage& message) {
  if (held_) {
    Held& one = held_->emplace_back();
    one.bytes.append(message.bytes);
    one.codec = &message.codec;
    return {};
  }
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
