#include "wire/native/chunked_replies.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "wire/check_limits.h"
#include "wire/native/chunks.h"

namespace tern::wire::native {

namespace {

// A reply may claim any length: memory for it grows with what has really come.
constexpr std::uint64_t kGrowth = 8;

Status broken(std::uint64_t id, std::string_view what) {
  return Status(Code::kInternal, fmt::format("frame: the reply of call {} {}", id, what),
                HandlerRan::kUnknown);
}

}  // namespace

Status ChunkedReplies::add(std::uint64_t id, std::uint64_t whole, std::uint64_t size,
                           ByteView bytes) {
  auto place = replies_.find(id);
  if (place == replies_.end()) {
    Status failure = begin(id, whole);
    if (!failure.ok()) return failure;
    place = replies_.find(id);
  } else if (whole != 0) {
    return broken(
        id, fmt::format("says its length twice: {} bytes, then {}", place->second.whole, whole));
  }
  Reply& reply = place->second;
  if (size == 0) return broken(id, "has a chunk without bytes");
  if (size > kMostChunkBytes) {
    return broken(
        id, fmt::format("has a chunk of {} bytes; a chunk has at most {}", size, kMostChunkBytes));
  }
  if (size > reply.whole - reply.came) {
    return broken(id, fmt::format("has {} bytes so far; its first chunk said {}", reply.came + size,
                                  reply.whole));
  }
  reply.came += size;
  if (reply.kept != Kept::kKept) return {};
  if (reply.bytes.capacity() < reply.came) {
    const std::uint64_t room = std::min(reply.whole, kGrowth * reply.came);
    reply.bytes.reserve(static_cast<std::size_t>(room) - reply.bytes.size());
  }
  reply.bytes.append(bytes);
  return {};
}

Status ChunkedReplies::begin(std::uint64_t id, std::uint64_t whole) {
  if (chunked_bytes_ == 0) return broken(id, "comes in chunks, which were not asked for");
  if (whole == 0) return broken(id, "has a chunk that is not the first, and had none before");
  if (replies_.size() >= kMostChunked) {
    return broken(id,
                  fmt::format("is one more than {} that come in chunks at a time", kMostChunked));
  }
  if (!replies_.empty() && (together_ > chunked_bytes_ || whole > chunked_bytes_ - together_)) {
    return broken(id, fmt::format("has {} bytes, and those that come in chunks besides have {}; "
                                  "the limit is {}",
                                  whole, together_, chunked_bytes_));
  }
  Reply& reply = replies_[id];
  reply.whole = whole;
  if (whole > message_bytes_) reply.kept = Kept::kTooLong;
  together_ += whole;
  return {};
}

Status ChunkedReplies::finish(Frame& frame) {
  auto place = replies_.find(frame.id);
  if (place == replies_.end()) return {};
  Reply reply = std::move(place->second);
  remove(frame.id);
  if (!frame.refused.ok()) return {};
  if (frame.body.size() != reply.whole - reply.came) {
    return broken(frame.id, fmt::format("ends with {} bytes; its first chunk said {}",
                                        reply.came + frame.body.size(), reply.whole));
  }
  switch (reply.kept) {
    case Kept::kKept:
      reply.bytes.append(frame.body);
      complete_ = std::move(reply.bytes);
      frame.body = complete_.view();
      break;
    case Kept::kTooLong:
      frame.refused = too_large("the message", reply.whole, message_bytes_);
      frame.limit = FrameLimit::kMessage;
      [[fallthrough]];
    case Kept::kUnwanted:
      frame.body = {};
      break;
  }
  return {};
}

void ChunkedReplies::drop(std::uint64_t id) noexcept {
  auto place = replies_.find(id);
  if (place == replies_.end()) return;
  place->second.kept = Kept::kUnwanted;
  place->second.bytes.release();
}

bool ChunkedReplies::is_first(std::uint64_t id, std::uint64_t size) const noexcept {
  auto place = replies_.find(id);
  return place != replies_.end() && place->second.came == size;
}

std::size_t ChunkedReplies::memory() const noexcept {
  std::size_t bytes = complete_.capacity();
  for (const auto& [id, reply] : replies_) bytes += reply.bytes.capacity();
  return bytes;
}

void ChunkedReplies::remove(std::uint64_t id) noexcept {
  auto place = replies_.find(id);
  if (place == replies_.end()) return;
  together_ -= place->second.whole;
  replies_.erase(place);
}

}  // namespace tern::wire::native
