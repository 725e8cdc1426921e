#include "http2/session_memory.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>

namespace tern::http2 {

namespace {

constexpr std::size_t kAlignment = alignof(std::max_align_t);

}  // namespace

SessionMemory::~SessionMemory() {
  std::free(pages_);
}

void* SessionMemory::take_or_allocate(std::size_t size) noexcept {
  void* taken = take(size);
  return taken ? taken : std::malloc(size);
}

void* SessionMemory::allocate_zeros(std::size_t count, std::size_t each) noexcept {
  if (each != 0 && count > std::numeric_limits<std::size_t>::max() / each) return nullptr;
  void* taken = take(count * each);
  return taken ? std::memset(taken, 0, count * each) : std::calloc(count, each);
}

void* SessionMemory::take(std::size_t size) noexcept {
  const bool is_room = size > kPage;
  // Nothing, too, has a place that is no other's.
  const std::size_t rounded =
      (std::max<std::size_t>(size, 1) + kAlignment - 1) / kAlignment * kAlignment;
  const bool fits = is_room ? !room_is_taken_ && size <= kUsualFrame + (kPages - 1) * kPage
                            : rounded <= kPage - kUsualFrame - taken_;
  if (!fits) return nullptr;
  if (!pages_) pages_ = static_cast<std::byte*>(std::aligned_alloc(kPage, kPages * kPage));
  if (!pages_) return nullptr;
  if (is_room) {
    room_is_taken_ = true;
    return pages_ + kPage - kUsualFrame;
  }
  std::byte* taken = pages_ + taken_;
  taken_ += rounded;
  return taken;
}

void* SessionMemory::reallocate(void* at, std::size_t size) noexcept {
  if (at && !has(at)) return std::realloc(at, size);
  void* taken = allocate(size);
  if (!taken || !at) return taken;
  // How long it was nobody has noted: no longer than this.
  const std::size_t most =
      static_cast<std::size_t>(pages_ + kPages * kPage - static_cast<std::byte*>(at));
  std::memmove(taken, at, std::min(size, most));
  release(at);
  return taken;
}

// What lies before the room stays taken.
void SessionMemory::give_back(void* at) noexcept {
  if (at == pages_ + kPage - kUsualFrame) room_is_taken_ = false;
}

}  // namespace tern::http2
