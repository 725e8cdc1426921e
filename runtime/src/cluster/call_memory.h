// Memory for calls: the block of the last one that ended on a thread is the next one's.
#pragma once

#include <cstddef>
#include <new>
#include <utility>

namespace tern {

// A block for a T that a thread keeps until it ends. Has no destructor: so it is still there for
// what ends later than the thread's other things.
template <typename T>
class SpareBlock {
 public:
  void* take() {
    if (block_) return std::exchange(block_, nullptr);
    return ::operator new(sizeof(T));
  }
  // `this` is the thread's own.
  void give(void* block) noexcept {
    if (block_ || ended_) {
      ::operator delete(block);
      return;
    }
    thread_local const End end(*this);
    block_ = block;
  }

 private:
  class End {
   public:
    explicit End(SpareBlock& spare) noexcept : spare_(spare) {}
    End(const End&) = delete;
    End& operator=(const End&) = delete;
    ~End() {
      ::operator delete(std::exchange(spare_.block_, nullptr));
      spare_.ended_ = true;
    }

   private:
    SpareBlock& spare_;
  };

  void* block_ = nullptr;
  bool ended_ = false;
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
  T* allocate(std::size_t) { return static_cast<T*>(spare_.take()); }
  void deallocate(T* block, std::size_t) noexcept { spare_.give(block); }

  template <typename U>
  bool operator==(const CallMemory<U>&) const noexcept {
    return true;
  }

 private:
  static inline constinit thread_local SpareBlock<T> spare_;
};

}  // namespace tern
