// Bytes on their way: a view, and a buffer that grows without clearing what it grows by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

#include "tern/version.h"

namespace tern {

using ByteView = std::span<const std::byte>;

inline ByteView as_bytes(std::string_view text) noexcept {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// A growing run of bytes. Not copied by accident: moving empties the source.
class Buffer {
 public:
  Buffer() noexcept = default;
  Buffer(Buffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    if (this == &other) return *this;
    release();
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
    return *this;
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { release(); }

  // An empty buffer, whose memory for `size` bytes or more another one has left; or which has no
  // memory, if none has left so much. Any thread.
  static Buffer reused(std::size_t size) noexcept;

  std::byte* data() noexcept { return data_; }
  const std::byte* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }
  std::size_t capacity() const noexcept { return capacity_; }
  bool empty() const noexcept { return size_ == 0; }
  ByteView view() const noexcept { return {data_, size_}; }

  // Adds `count` bytes of any content and returns where they begin. The pointer is good until the
  // buffer grows again. Throws std::bad_alloc.
  std::byte* grow(std::size_t count) {
    if (capacity_ - size_ < count) reserve_more(count);
    std::byte* start = data_ + size_;
    size_ += count;
    return start;
  }
  void append(ByteView bytes) {
    if (!bytes.empty()) std::memcpy(grow(bytes.size()), bytes.data(), bytes.size());
  }
  void append(std::string_view text) { append(as_bytes(text)); }
  void push_back(std::byte value) { *grow(1) = value; }

  // Room for `count` more bytes, so that the next grow() calls do not move anything.
  void reserve(std::size_t count) {
    if (capacity_ - size_ < count) reserve_more(count);
  }
  // Forgets what lies behind `size`, which must not exceed size().
  void truncate(std::size_t size) noexcept { size_ = size; }
  void clear() noexcept { size_ = 0; }
  // Takes `count` bytes off the front and moves the rest there.
  void consume(std::size_t count) noexcept;
  // Gives the memory back.
  void release() noexcept {
    if (data_ != nullptr) free_memory();
    size_ = 0;
  }

 private:
  void reserve_more(std::size_t count);
  void free_memory() noexcept;

  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace tern
