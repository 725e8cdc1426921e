#include "wire/over_http2/events.h"

#include <algorithm>

namespace tern::wire::over_http2 {

namespace {

constexpr std::size_t kKeptBytes = 16 * 1024;

}  // namespace

void Events::add(StreamId stream, const Frame& frame, ByteView first, ByteView rest) {
  const std::size_t start = bytes_.size();
  bytes_.append(first);
  bytes_.append(rest);
  events_.push_back({stream, frame, start, first.size() + rest.size()});
}

void Events::take(Frame& frame) {
  const Event& event = events_.front();
  frame = event.frame;
  frame.body = bytes_.view().subspan(event.start, event.size);
  events_.pop_front();
}

void Events::clear_bytes() noexcept {
  bytes_.clear();
  if (bytes_.capacity() > kKeptBytes) bytes_.release();
}

void Events::remove(StreamId stream) {
  std::erase_if(events_, [stream](const Event& event) { return event.stream == stream; });
}

}  // namespace tern::wire::over_http2
