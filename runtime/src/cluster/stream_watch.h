// What a cluster's interceptors see of the stream of one attempt.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "call/interception.h"
#include "stream/message_watch.h"
#include "tern/codegen/method.h"

namespace tern::cluster {

// They are around all attempts. Of a stream that is resumed they do not see again what comes twice
// because a server does not keep to the position that it was asked for: its reader drops that.
class StreamWatch final : public stream::MessageWatch {
 public:
  // `behind`: where the attempt goes on, if it does.
  StreamWatch(std::shared_ptr<call::Interception> around, const Method& method,
              std::optional<std::int64_t> behind, const DecodeLimits& limits)
      : around_(std::move(around)), method_(method), behind_(behind), limits_(limits) {}

  Status on_message(const InterceptedMessage& message) override {
    const bool received = message.direction == InterceptedMessage::Direction::kReceived;
    if (received && behind_ && came_before(message)) return {};
    return around_->on_message(message);
  }

 private:
  // What cannot be decoded is the reader's to find.
  bool came_before(const InterceptedMessage& message) {
    const TypeOps& type = method_.result();
    const auto destroy = [&type](void* value) { type.destroy(value); };
    std::unique_ptr<void, decltype(destroy)> value(type.create(), destroy);
    const Status decoded = message.codec.decode(type, message.bytes, value.get(), limits_);
    if (decoded.ok() && method_.resume->of_message(value.get()) <= *behind_) return true;
    behind_.reset();
    return false;
  }

  const std::shared_ptr<call::Interception> around_;
  const Method& method_;
  std::optional<std::int64_t> behind_;
  const DecodeLimits limits_;
};

}  // namespace tern::cluster
