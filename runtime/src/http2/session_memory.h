// Where nghttp2 keeps what belongs to one session.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <functional>

namespace tern::http2 {

// nghttp2 takes 16 KiB at once, as room to make a frame in, and most frames need a hundred bytes of
// it. So that no more than those take memory, the room begins where a page ends which has the first
// things that nghttp2 takes; what follows are whole pages, for which the system has no memory until
// they are written to. malloc() lays it between other things, and takes a page more.
// Threads: as the session.
class SessionMemory {
 public:
  SessionMemory() noexcept = default;
  SessionMemory(const SessionMemory&) = delete;
  SessionMemory& operator=(const SessionMemory&) = delete;
  // Behind the session that has used it.
  ~SessionMemory();

  // As malloc() and so on. Null: there is no memory.
  void* allocate(std::size_t size) noexcept {
    return has_place(size) ? take_or_allocate(size) : std::malloc(size);
  }
  void* allocate_zeros(std::size_t count, std::size_t each) noexcept;
  void* reallocate(void* at, std::size_t size) noexcept;
  void release(void* at) noexcept {
    if (has(at)) {
      give_back(at);
    } else {
      std::free(at);
    }
  }

 private:
  static constexpr std::size_t kPage = 4096;
  static constexpr std::size_t kPages = 1 + 4;
  // So much of the room for frames lies in the first page.
  static constexpr std::size_t kUsualFrame = 144;

  // Null: there is no place for it in the pages, or no memory for them.
  void* take(std::size_t size) noexcept;
  // Most of what nghttp2 takes and gives back comes when the pages are full.
  bool has_place(std::size_t size) const noexcept {
    return size > kPage ? !room_is_taken_ : size <= kPage - kUsualFrame - taken_;
  }
  bool has(const void* at) const noexcept {
    const std::less<const void*> before;
    return pages_ && !before(at, pages_) && before(at, pages_ + kPages * kPage);
  }
  void* take_or_allocate(std::size_t size) noexcept;
  void give_back(void* at) noexcept;

  std::byte* pages_ = nullptr;
  std::size_t taken_ = 0;  // of the first page; none of it is given back
  bool room_is_taken_ = false;
};

}  // namespace tern::http2
