// What each upload sends, counted by an interceptor.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>

#include "tern/interceptor.h"

// Tells `report` at the end of each upload how many messages that has sent.
class Traffic final : public tern::StreamInterceptor {
 public:
  explicit Traffic(std::function<void(const std::string&)> report) : report_(std::move(report)) {}

  tern::Status on_start(tern::InterceptedCall& call) override {
    call.values.set(Sent());
    return {};
  }
  tern::Status on_message(tern::InterceptedCall& call,
                          const tern::InterceptedMessage& message) override {
    if (message.direction != tern::InterceptedMessage::Direction::kSent) return {};
    Sent& sent = *call.values.get<Sent>();
    ++sent.messages;
    sent.bytes += message.bytes.size();
    return {};
  }
  void on_finish(tern::InterceptedCall& call, const tern::Status& /*outcome*/) noexcept override {
    if (call.method.kind != tern::MethodKind::kClientStream) return;
    const Sent& sent = *call.values.get<Sent>();
    report_(std::string(call.method.name) + ": " + std::to_string(sent.messages) + " messages, " +
            std::to_string(sent.bytes) + " bytes");
  }

 private:
  struct Sent {
    std::size_t messages = 0;
    std::size_t bytes = 0;
  };

  std::function<void(const std::string&)> report_;
};
