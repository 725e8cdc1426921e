#include "tern/buffer.h"

#include <cstdlib>
#include <limits>
#include <new>
#include <utility>

#include "base/kept_blocks.h"

namespace tern {
namespace {

constexpr std::size_t kSmallest = 64;

using base::KeptBlocks;

// The address sanitizer finds a use of memory that was freed only if it was freed.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool kKeepBlocks = false;
#else
constexpr bool kKeepBlocks = true;
#endif

KeptBlocks::Block take_block(std::size_t wanted) noexcept {
  if (!kKeepBlocks || !KeptBlocks::fits(wanted)) return {};
  return base::kept_blocks().take(wanted);
}

void free_block(std::byte* data, std::size_t capacity) noexcept {
  if (kKeepBlocks && KeptBlocks::fits(capacity)) {
    base::kept_blocks().give({data, capacity});
  } else {
    std::free(data);
  }
}

}  // namespace

Buffer Buffer::reused(std::size_t size) noexcept {
  const KeptBlocks::Block block = take_block(size);
  Buffer buffer;
  buffer.data_ = static_cast<std::byte*>(block.data);
  buffer.capacity_ = block.capacity;
  return buffer;
}

void Buffer::consume(std::size_t count) noexcept {
  size_ -= count;
  if (count != 0 && size_ != 0) std::memmove(data_, data_ + count, size_);
}

void Buffer::free_memory() noexcept {
  free_block(data_, capacity_);
  data_ = nullptr;
  capacity_ = 0;
}

// Doubles, so that appending n bytes one by one costs O(n).
void Buffer::reserve_more(std::size_t count) {
  constexpr std::size_t kMax = std::numeric_limits<std::size_t>::max() / 2;
  if (count > kMax - size_) throw std::bad_alloc();
  std::size_t capacity = capacity_ < kSmallest ? kSmallest : capacity_ * 2;
  if (capacity < size_ + count) capacity = size_ + count;
  if (Buffer other = reused(capacity); other.data_ != nullptr) {
    if (size_ != 0) std::memcpy(other.data_, data_, size_);
    std::swap(data_, other.data_);
    std::swap(capacity_, other.capacity_);
    return;
  }
  void* data = std::realloc(data_, capacity);
  if (data == nullptr) throw std::bad_alloc();
  data_ = static_cast<std::byte*>(data);
  capacity_ = capacity;
}

}  // namespace tern
