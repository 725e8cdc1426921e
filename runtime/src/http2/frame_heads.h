// Where the frames of an HTTP/2 connection begin.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "tern/buffer.h"

namespace tern::http2 {

// Is told of all bytes, however they are cut, and knows the head of each frame (RFC 9113, 4.1).
class FrameHeads {
 public:
  // `preface`: bytes before the first frame.
  explicit FrameHeads(std::size_t preface) noexcept : rest_(preface) {}

  // Goes past bytes that belong to no head, of the next `bytes`. How many those are.
  std::size_t skip(std::size_t bytes) noexcept {
    const std::size_t skipped = std::min(rest_, bytes);
    rest_ -= skipped;
    return skipped;
  }
  // Takes off `in` what belongs to the next head. True: it is complete.
  bool take(ByteView& in) noexcept {
    const std::size_t size = std::min(head_.size() - have_, in.size());
    std::copy_n(in.begin(), size, head_.begin() + static_cast<std::ptrdiff_t>(have_));
    in = in.subspan(size);
    have_ += size;
    if (have_ < head_.size()) return false;
    have_ = 0;
    rest_ = number(0, 3);
    return true;
  }

  // A frame, or the preface, has begun and is not complete.
  bool in_frame() const noexcept { return have_ > 0 || rest_ > 0; }

  // --- Of the last one that was complete ---

  std::uint8_t type() const noexcept { return std::to_integer<std::uint8_t>(head_[3]); }
  std::uint8_t flags() const noexcept { return std::to_integer<std::uint8_t>(head_[4]); }
  std::int32_t stream() const noexcept {
    return static_cast<std::int32_t>(number(5, 4) & 0x7fffffff);
  }

 private:
  std::size_t number(std::size_t at, std::size_t size) const noexcept {
    std::size_t value = 0;
    for (std::size_t i = at; i < at + size; ++i) {
      value = value << 8 | std::to_integer<std::size_t>(head_[i]);
    }
    return value;
  }

  std::array<std::byte, 9> head_{};
  std::size_t have_ = 0;
  std::size_t rest_;  // of the preface or a payload
};

}  // namespace tern::http2
