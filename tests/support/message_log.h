// An interceptor that writes down what it is told of streams.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tern/interceptor.h"

namespace tern::test {

using Lines = std::vector<std::string>;

class MessageLog final : public StreamInterceptor {
 public:
  // `text`: a message as the log has it.
  using Text = std::function<std::string(const InterceptedMessage&)>;

  MessageLog(std::string name, std::shared_ptr<Lines> log, Text text)
      : name_(std::move(name)), log_(std::move(log)), text_(std::move(text)) {}

  Status on_start(InterceptedCall& call) override {
    log_->push_back(name_ + " start " + std::string(call.method.name));
    return {};
  }
  Status on_message(InterceptedCall& call, const InterceptedMessage& message) override {
    const bool sent = message.direction == InterceptedMessage::Direction::kSent;
    log_->push_back(name_ + (sent ? " sent " : " received ") + text_(message));
    return then ? then(call, message) : Status();
  }
  void on_finish(InterceptedCall& /*call*/, const Status& outcome) noexcept override {
    log_->push_back(name_ + " finish " + code_name(outcome.code()));
  }

  // What it does with each message; null: nothing.
  std::function<Status(InterceptedCall&, const InterceptedMessage&)> then;

 private:
  std::string name_;
  const std::shared_ptr<Lines> log_;  // streams may end behind their test
  Text text_;
};

// For messages that are strings: the text, or its length if that is long.
inline std::string text_of(const InterceptedMessage& message) {
  std::string text;
  DecodeLimits limits;
  Status decoded = message.codec.decode(type_ops<std::string>(), message.bytes, &text, limits);
  if (!decoded.ok()) return "?";
  return text.size() < 20 ? text : std::to_string(text.size()) + " letters";
}

inline bool is(const InterceptedMessage& message, std::string_view text) {
  return text_of(message) == text;
}

}  // namespace tern::test
