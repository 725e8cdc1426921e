#include "net/frame_splitter.h"

#include <algorithm>
#include <cstring>

namespace tern::net {

namespace {

// The kinds of frames, as runtime/README.md has them, that the calling half receives: reply, error,
// pong, going away, reply's data, the server's data and credit of streams. All others, unknown ones
// too, are for the serving half.
constexpr bool is_answer(std::byte kind) noexcept {
  return kind == std::byte(2) || kind == std::byte(3) || kind == std::byte(6) ||
         kind == std::byte(7) || kind == std::byte(10) || kind == std::byte(11) ||
         kind == std::byte(12);
}

// Data of streams of both directions, which windows bound.
constexpr bool is_stream_data(std::byte kind) noexcept {
  return kind == std::byte(8) || kind == std::byte(11);
}

// Cancels, pings, pongs and credit, which are a header alone: the size field counts what follows
// it.
constexpr std::uint32_t kHeaderAlone = 28;
constexpr bool is_control(std::byte kind, std::uint32_t size) noexcept {
  return size == kHeaderAlone &&
         (kind == std::byte(4) || kind == std::byte(5) || kind == std::byte(6) ||
          kind == std::byte(9) || kind == std::byte(12));
}

}  // namespace

std::optional<FrameSplitter::Piece> FrameSplitter::next(ByteView& bytes) noexcept {
  if (bytes.empty()) return std::nullopt;
  if (in_handshake_) {
    const std::size_t size = handshake_size(bytes);
    const Piece piece{DuplexHalf::kCalling, bytes.first(size), true};
    bytes = bytes.subspan(size);
    return piece;
  }
  if (frame_left_ > 0) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(frame_left_, bytes.size()));
    const Piece piece{frame_for_, bytes.first(size), frame_counts_};
    bytes = bytes.subspan(size);
    frame_left_ -= size;
    return piece;
  }
  while (head_have_ < kHead) {
    if (bytes.empty()) return std::nullopt;
    head_[head_have_++] = bytes.front();
    bytes = bytes.subspan(1);
  }
  std::uint32_t size = 0;
  std::memcpy(&size, head_.data(), sizeof size);
  frame_left_ = size > 0 ? size - 1 : 0;  // the kind is a part of it
  frame_for_ =
      is_answer(head_.back()) && head_given_ == 0 ? DuplexHalf::kCalling : DuplexHalf::kServing;
  frame_counts_ = !is_stream_data(head_.back()) && !is_control(head_.back(), size);
  const Piece piece{frame_for_, ByteView(head_).subspan(head_given_), frame_counts_};
  head_have_ = head_given_ = 0;
  return piece;
}

// An answer to CONNECT may stand before the line of JSON.
std::size_t FrameSplitter::handshake_size(ByteView bytes) noexcept {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (at_line_start_) in_last_line_ = bytes[i] == std::byte('{');
    at_line_start_ = bytes[i] == std::byte('\n');
    if (at_line_start_ && in_last_line_) {
      in_handshake_ = false;
      return i + 1;
    }
  }
  return bytes.size();
}

}  // namespace tern::net
