#include "stream/message_watch.h"

#include <utility>

namespace tern::stream {

Status Watched::tell(const InterceptedMessage& message) {
  const bool sent = message.direction == InterceptedMessage::Direction::kSent;
  const std::size_t count = watches_.size();
  // close() may empty the list meanwhile.
  for (std::size_t i = 0; i < count && i < watches_.size(); ++i) {
    const std::shared_ptr<MessageWatch> watch = watches_[sent ? i : count - 1 - i];
    Status refused = watch->on_message(message);
    if (!refused.ok()) return refused;
  }
  return {};
}

}  // namespace tern::stream
