#include "wire/grpc/message_prefix.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace tern::wire::grpc {

bool MessagePrefix::take(ByteView& in) noexcept {
  const std::size_t size = std::min(kSize - have_, in.size());
  if (size > 0) std::memcpy(bytes_.data() + have_, in.data(), size);
  have_ += size;
  in = in.subspan(size);
  return have_ == kSize;
}

std::size_t MessagePrefix::message_size() const noexcept {
  std::size_t size = 0;
  for (std::size_t i = 1; i < kSize; ++i)
    size = size << 8 | std::to_integer<std::size_t>(bytes_[i]);
  return size;
}

Status MessagePrefix::check(std::size_t message_bytes, Compression encoding,
                            FrameLimit& limit) const {
  const int flags = std::to_integer<int>(bytes_.front());
  if (compressed() && encoding == Compression::kIdentity) {
    return Status(Code::kInternal,
                  "a compressed message came, and grpc-encoding names no compression");
  }
  if (flags > 1) {
    return Status(Code::kInternal,
                  fmt::format("a message begins with the flags {:#04x}; expected 0 or 1", flags));
  }
  if (message_size() > message_bytes) {
    limit = FrameLimit::kMessage;
    return Status(Code::kResourceExhausted,
                  fmt::format("a message of {} bytes; the limit is {} (Limits::message_bytes)",
                              message_size(), message_bytes));
  }
  return {};
}

std::array<std::byte, MessagePrefix::kSize> MessagePrefix::of(std::size_t message_size,
                                                              bool compressed) noexcept {
  std::array<std::byte, kSize> bytes{};
  bytes.front() = static_cast<std::byte>(compressed);
  for (std::size_t i = 1; i < kSize; ++i) {
    bytes[i] = static_cast<std::byte>(message_size >> (8 * (kSize - 1 - i)));
  }
  return bytes;
}

}  // namespace tern::wire::grpc
