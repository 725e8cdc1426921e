#include "wire/over_http2/events.h"

#include <algorithm>
#include <utility>

namespace tern::wire::over_http2 {

namespace {

// What an idle connection keeps.
constexpr std::size_t kKeptBytes = 16 * 1024;
constexpr std::size_t kKeptEvents = 64;
constexpr std::size_t kKeptFrames = 4;

}  // namespace

void Events::add(StreamId stream, const Frame& frame, ByteView first, ByteView rest) {
  const std::size_t start = bytes_.size();
  bytes_.append(first);
  bytes_.append(rest);
  const auto place = static_cast<std::uint32_t>(frames_.size());
  frames_.push_back({frame, start, first.size() + rest.size()});
  events_.push_back({stream, place});
}

void Events::take(Frame& frame) {
  KeptFrame& kept = frames_[events_[first_++].frame];
  frame = std::move(kept.frame);
  frame.body = bytes_.view().subspan(kept.start, kept.size);
}

void Events::clear() noexcept {
  events_.clear();
  first_ = 0;
  frames_.clear();
  if (events_.capacity() > kKeptEvents) std::vector<Event>().swap(events_);
  if (frames_.capacity() > kKeptFrames) std::vector<KeptFrame>().swap(frames_);
  bytes_.clear();
  if (bytes_.capacity() > kKeptBytes) bytes_.release();
}

void Events::remove(StreamId stream) {
  const auto first = events_.begin() + static_cast<std::ptrdiff_t>(first_);
  events_.erase(std::remove_if(first, events_.end(),
                               [stream](const Event& event) { return event.stream == stream; }),
                events_.end());
}

}  // namespace tern::wire::over_http2
