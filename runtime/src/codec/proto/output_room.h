// Where a message of protobuf is put: a buffer that has room before something is written.
#pragma once

#include <cstddef>

#include "codec/proto/output.h"
#include "tern/buffer.h"

namespace tern::codec::proto {

// Functions that put take where to and return where they stopped: the buffer may have moved then.
class OutputRoom {
 public:
  explicit OutputRoom(Buffer& out) noexcept : out_(out), start_(out.size()) {}

  // Behind what the buffer has, room for so many bytes. First.
  std::byte* begin(std::size_t size) { return more(nullptr, size); }
  // Room for so many bytes, and for stores that go beyond them.
  [[gnu::always_inline]] std::byte* at(std::byte* at, std::size_t size) {
    return static_cast<std::size_t>(limit_ - at) >= size ? at : more(at, size);
  }
  // Where a byte stands that is left for a length, wherever the buffer moves.
  std::size_t place_of(const std::byte* at) const { return static_cast<std::size_t>(at - base_); }
  // Writes the length of what is between that byte and `end`.
  [[gnu::always_inline]] std::byte* put_length(std::size_t place, std::byte* end) {
    const std::size_t size = place_of(end) - place - 1;
    if (size >= 0x80) return put_long_length(place, end);
    base_[place] = static_cast<std::byte>(size);
    return end;
  }
  // There is nothing more: the buffer ends there. Returns how much was put.
  std::size_t end(const std::byte* at);

 private:
  std::byte* more(std::byte* at, std::size_t size);
  std::byte* put_long_length(std::size_t place, std::byte* end);

  Buffer& out_;
  std::size_t start_;
  std::byte* base_ = nullptr;   // where the buffer lies
  std::byte* limit_ = nullptr;  // its end, less kSlack
};

}  // namespace tern::codec::proto
