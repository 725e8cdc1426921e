// The part of a body that waits to leave.
#pragma once

#include <cstddef>
#include <utility>

#include "tern/buffer.h"

namespace tern::http2 {

// Bytes are added at the back and taken off the front, without moving the rest each time.
class UnsentBody {
 public:
  UnsentBody() = default;
  explicit UnsentBody(Buffer bytes) noexcept : bytes_(std::move(bytes)) {}

  std::size_t size() const noexcept { return bytes_.size() - taken_; }
  bool empty() const noexcept { return size() == 0; }
  ByteView view() const noexcept { return bytes_.view().subspan(taken_); }

  // All of it or nothing. Throws std::bad_alloc.
  void append(ByteView first, ByteView second = {}) {
    bytes_.reserve(first.size() + second.size());
    bytes_.append(first);
    bytes_.append(second);
  }
  void append(Buffer bytes) {
    if (empty()) {
      bytes_ = std::move(bytes);
      taken_ = 0;
    } else {
      append(bytes.view());
    }
  }
  // Takes `count` bytes off the front. Moves the rest when that is the shorter part.
  void take(std::size_t count) noexcept {
    taken_ += count;
    if (empty()) {
      bytes_.clear();
      if (bytes_.capacity() > kKept) bytes_.release();
      taken_ = 0;
    } else if (taken_ >= bytes_.size() / 2) {
      bytes_.consume(std::exchange(taken_, 0));
    }
  }

 private:
  // What a stream with nothing to send keeps.
  static constexpr std::size_t kKept = 16 * 1024;

  Buffer bytes_;
  std::size_t taken_ = 0;  // of bytes_
};

}  // namespace tern::http2
