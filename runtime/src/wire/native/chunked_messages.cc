#include "wire/native/chunked_messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "wire/check_limits.h"
#include "wire/native/chunks.h"

namespace tern::wire::native {

namespace {

// A message may claim any length: memory for it grows with what has really come.
constexpr std::uint64_t kGrowth = 8;

}  // namespace

Status ChunkedMessages::broken(std::uint64_t id, std::string_view fault) const {
  return Status(Code::kInternal, fmt::format("frame: the {} of call {} {}", what_, id, fault),
                HandlerRan::kUnknown);
}

Status ChunkedMessages::add(std::uint64_t id, std::uint64_t whole, std::uint64_t size,
                            ByteView bytes) {
  auto place = messages_.find(id);
  if (place == messages_.end()) {
    Status failure = begin(id, whole);
    if (!failure.ok()) return failure;
    place = messages_.find(id);
  } else if (whole != 0) {
    return broken(
        id, fmt::format("says its length twice: {} bytes, then {}", place->second.whole, whole));
  }
  Message& message = place->second;
  if (size == 0) return broken(id, "has a chunk without bytes");
  if (size > kMostChunkBytes) {
    return broken(
        id, fmt::format("has a chunk of {} bytes; a chunk has at most {}", size, kMostChunkBytes));
  }
  if (size > message.whole - message.came) {
    return broken(id, fmt::format("has {} bytes so far; its first chunk said {}",
                                  message.came + size, message.whole));
  }
  message.came += size;
  if (message.kept != Kept::kKept) return {};
  if (message.bytes.capacity() < message.came) {
    const std::uint64_t room = std::min(message.whole, kGrowth * message.came);
    message.bytes.reserve(static_cast<std::size_t>(room) - message.bytes.size());
  }
  message.bytes.append(bytes);
  return {};
}

Status ChunkedMessages::begin(std::uint64_t id, std::uint64_t whole) {
  if (chunked_bytes_ == 0) return broken(id, "comes in chunks, which were not asked for");
  if (whole == 0) return broken(id, "has a chunk that is not the first, and had none before");
  if (messages_.size() >= kMostChunked) {
    return broken(id,
                  fmt::format("is one more than {} that come in chunks at a time", kMostChunked));
  }
  if (!messages_.empty() && (together_ > chunked_bytes_ || whole > chunked_bytes_ - together_)) {
    return broken(id, fmt::format("has {} bytes, and those that come in chunks besides have {}; "
                                  "the limit is {}",
                                  whole, together_, chunked_bytes_));
  }
  Message& message = messages_[id];
  message.whole = whole;
  if (whole > message_bytes_) message.kept = Kept::kTooLong;
  together_ += whole;
  return {};
}

Status ChunkedMessages::finish(Frame& frame) {
  auto place = messages_.find(frame.id);
  if (place == messages_.end()) return {};
  Message message = std::move(place->second);
  remove(frame.id);
  if (!frame.refused.ok()) return {};
  if (frame.body.size() != message.whole - message.came) {
    return broken(frame.id, fmt::format("ends with {} bytes; its first chunk said {}",
                                        message.came + frame.body.size(), message.whole));
  }
  switch (message.kept) {
    case Kept::kKept:
      message.bytes.append(frame.body);
      complete_ = std::move(message.bytes);
      frame.body = complete_.view();
      break;
    case Kept::kTooLong:
      frame.refused = too_large("the message", message.whole, message_bytes_);
      frame.limit = FrameLimit::kMessage;
      [[fallthrough]];
    case Kept::kUnwanted:
      frame.body = {};
      break;
  }
  return {};
}

void ChunkedMessages::drop(std::uint64_t id) noexcept {
  auto place = messages_.find(id);
  if (place == messages_.end()) return;
  place->second.kept = Kept::kUnwanted;
  place->second.bytes.release();
}

bool ChunkedMessages::is_first(std::uint64_t id, std::uint64_t size) const noexcept {
  auto place = messages_.find(id);
  return place != messages_.end() && place->second.came == size;
}

std::size_t ChunkedMessages::memory() const noexcept {
  std::size_t bytes = complete_.capacity();
  for (const auto& [id, message] : messages_) bytes += message.bytes.capacity();
  return bytes;
}

void ChunkedMessages::remove(std::uint64_t id) noexcept {
  auto place = messages_.find(id);
  if (place == messages_.end()) return;
  together_ -= place->second.whole;
  messages_.erase(place);
}

}  // namespace tern::wire::native
