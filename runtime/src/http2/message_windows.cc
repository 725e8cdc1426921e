#include "http2/message_windows.h"

#include <utility>

namespace tern::http2 {

namespace {

// What the padding of a frame takes of a window at most: so much more than a message needs is
// granted, so that padding keeps none of it back.
constexpr std::size_t kPadding = 256;
// Windows of HTTP/2 have 31 bits.
constexpr std::size_t kMostAtOnce = 0x7fffffff - kPadding;

}  // namespace

void MessageWindows::add(StreamId stream, std::size_t bytes, std::size_t kept,
                         std::optional<std::size_t> to_come) {
  auto found = messages_.find(stream);
  if (found == messages_.end()) {
    if (to_come && (*to_come == 0 || *to_come + kPadding <= session_.window(stream))) return;
    found = messages_.try_emplace(stream).first;
  }
  Message& message = found->second;
  message.to_come = to_come;
  message.kept = kept;
  if (message.window == Window::kWhole) {
    count(stream, message, kept + to_come.value_or(0));
    grant_rest(stream, message);
    return;
  }
  count(stream, message, kept);
  if (message.owed == 0 && bytes > 0) ++waiting_;
  message.owed += bytes;
  let_come(stream, message);
}

void MessageWindows::end(StreamId stream) {
  auto found = messages_.find(stream);
  if (found == messages_.end()) return;
  count(stream, found->second, 0);
  take_owed(found->second);
  messages_.erase(found);
  if (stream == uncounted_) uncounted_ = 0;
  if (waiting_ == 0) return;
  for (auto& [other, message] : messages_) {
    if (message.owed > 0) let_come(other, message);
  }
}

void MessageWindows::count(StreamId stream, Message& message, std::size_t size) noexcept {
  if (stream != uncounted_) used_ += size - message.size;
  message.size = size;
}

bool MessageWindows::has_room(StreamId stream, const Message& message, std::size_t more,
                              std::size_t limit) noexcept {
  if (stream == uncounted_ || (used_ <= limit && more <= limit - used_)) return true;
  if (uncounted_ != 0) return false;
  uncounted_ = stream;
  used_ -= message.size;
  return true;
}

void MessageWindows::let_come(StreamId stream, Message& message) {
  if (message.to_come == 0u) {
    take_owed(message);
    return;
  }
  if (message.to_come && *message.to_come <= kMostAtOnce &&
      has_room(stream, message, *message.to_come, budget_ / 4 * 3)) {
    message.window = Window::kWhole;
    take_owed(message);
    count(stream, message, message.kept + *message.to_come);
    grant_rest(stream, message);
  } else if (message.kept == 0 || has_room(stream, message, 0, budget_)) {
    session_.consume(stream, take_owed(message));
  }
}

std::size_t MessageWindows::take_owed(Message& message) noexcept {
  if (message.owed > 0) --waiting_;
  return std::exchange(message.owed, 0);
}

// Again, if padding has taken some of it.
void MessageWindows::grant_rest(StreamId stream, const Message& message) {
  const std::size_t to_come = message.to_come.value_or(0);
  if (to_come == 0) return;
  const std::size_t window = session_.window(stream);
  if (window < to_come + kPadding) session_.grant(stream, to_come + kPadding - window);
}

}  // namespace tern::http2
