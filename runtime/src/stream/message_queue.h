// Encoded messages, one behind the other in one piece of memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>

#include "tern/buffer.h"
#include "wire/frame.h"

namespace tern::stream {

// See wire::stream_cost(): what keeping a message takes beside its bytes.
inline constexpr std::size_t kMessageCost = wire::stream_cost(0);
using wire::stream_cost;

// A FIFO. Not for several threads.
class MessageQueue {
 public:
  MessageQueue() noexcept = default;
  MessageQueue(MessageQueue&& other) noexcept
      : bytes_(std::move(other.bytes_)),
        head_(std::exchange(other.head_, 0)),
        count_(std::exchange(other.count_, 0)) {}
  MessageQueue& operator=(MessageQueue&& other) noexcept {
    bytes_ = std::move(other.bytes_);
    head_ = std::exchange(other.head_, 0);
    count_ = std::exchange(other.count_, 0);
    return *this;
  }

  // --- At the back ---

  // A message that is being encoded: appended to `out`.
  struct Begun {
    Buffer& out;
    std::size_t start;
  };
  // Followed by end() or, to take it back, by undo(). Throws std::bad_alloc.
  Begun begin() {
    if (head_ > 0) compact();
    const std::size_t start = bytes_.size();
    bytes_.grow(kLengthBytes);
    return {bytes_, start};
  }
  // False, and it is taken back, if it is longer than a length can say.
  bool end(const Begun& begun) noexcept {
    const std::size_t size = bytes_.size() - begun.start - kLengthBytes;
    if (size > std::numeric_limits<std::uint32_t>::max()) {
      undo(begun);
      return false;
    }
    const auto length = static_cast<std::uint32_t>(size);
    std::memcpy(bytes_.data() + begun.start, &length, sizeof length);
    ++count_;
    return true;
  }
  void undo(const Begun& begun) noexcept { bytes_.truncate(begun.start); }
  // Throws std::bad_alloc; then it is as it was.
  void push(ByteView message) {
    if (head_ > 0) compact();
    bytes_.reserve(kLengthBytes + message.size());
    const Begun begun = begin();
    begun.out.append(message);
    end(begun);
  }

  // --- At the front ---

  bool empty() const noexcept { return count_ == 0; }
  std::size_t count() const noexcept { return count_; }
  // Good until the queue changes. Not if it is empty.
  ByteView front() const noexcept {
    std::uint32_t length = 0;
    std::memcpy(&length, bytes_.data() + head_, sizeof length);
    return bytes_.view().subspan(head_ + kLengthBytes, length);
  }
  void pop() noexcept {
    head_ += kLengthBytes + front().size();
    if (--count_ == 0) {
      head_ = 0;
      bytes_.clear();
    }
  }

  // --- All of it ---

  // What all of them cost together.
  std::uint64_t cost() const noexcept {
    return bytes_.size() - head_ + count_ * (kMessageCost - kLengthBytes);
  }
  std::size_t capacity() const noexcept { return bytes_.capacity(); }
  // Forgets all and gives the memory back.
  void release() noexcept {
    bytes_.release();
    head_ = 0;
    count_ = 0;
  }

 private:
  static constexpr std::size_t kLengthBytes = 4;

  // What has been taken is moved over once it is the larger part, so that each byte moves at most
  // about once.
  void compact() noexcept {
    if (head_ < bytes_.size() - head_) return;
    bytes_.consume(head_);
    head_ = 0;
  }

  Buffer bytes_;
  std::size_t head_ = 0;  // where the first one begins
  std::size_t count_ = 0;
};

}  // namespace tern::stream
