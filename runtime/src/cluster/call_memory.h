// Memory for calls: the block of the last one that ended on a thread is the next one's.
#pragma once

#include <cstddef>
#include <new>
#include <utility>

namespace tern {

// One block that a thread keeps until it ends. All blocks are of one size.
class SpareBlock {
 public:
  SpareBlock() = default;
  SpareBlock(const SpareBlock&) = delete;
  SpareBlock& operator=(const SpareBlock&) = delete;
  ~SpareBlock() {
    ::operator delete(std::exchange(block_, nullptr));
    gone_ = true;
  }

  void* take(std::size_t size) {
    if (block_) return std::exchange(block_, nullptr);
    return ::operator new(size);
  }
  void give(void* block) noexcept {
    // What ends later than the thread's other things finds no place here.
    if (block_ || gone_) {
      ::operator delete(block);
    } else {
      block_ = block;
    }
  }

 private:
  void* block_ = nullptr;
  bool gone_ = false;
};

// For std::allocate_shared() of a T.
template <typename T>
class CallMemory {
 public:
  using value_type = T;

  CallMemory() noexcept = default;
  template <typename U>
  explicit CallMemory(const CallMemory<U>&) noexcept {}

  // Of one T, whoever's: std::allocate_shared() asks for one type of block alone.
  T* allocate(std::size_t) { return static_cast<T*>(spare_.take(sizeof(T))); }
  void deallocate(T* block, std::size_t) noexcept { spare_.give(block); }

  template <typename U>
  bool operator==(const CallMemory<U>&) const noexcept {
    return true;
  }

 private:
  static inline thread_local SpareBlock spare_;
};

}  // namespace tern
