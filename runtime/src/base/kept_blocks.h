// The memory of large buffers that are gone, for the next ones.
#pragma once

#include <array>
#include <cstddef>
#include <mutex>

namespace tern::base {

// malloc() gives large blocks back to the system at once, and each new one costs a page fault for
// every 4 KiB: for calls of 1 MiB that is two thirds of their time. So a few blocks are kept, of
// all buffers of the process together. The oldest give way to new ones.
// Threads: any.
class KeptBlocks {
 public:
  // Shorter ones malloc() keeps well itself; longer ones are rare.
  static constexpr std::size_t kShortest = std::size_t{64} * 1024;
  static constexpr std::size_t kLongest = std::size_t{4} * 1024 * 1024;
  static constexpr std::size_t kMostBytes = std::size_t{8} * 1024 * 1024;

  struct Block {
    void* data = nullptr;
    std::size_t capacity = 0;
  };

  static bool fits(std::size_t capacity) noexcept {
    return capacity >= kShortest && capacity <= kLongest;
  }

  // A block of `wanted` bytes or up to a quarter more, the shortest there is; or none.
  Block take(std::size_t wanted) noexcept;
  // Keeps or frees what malloc() made, for which fits() is true.
  void give(Block block) noexcept;

  // Bytes that are kept.
  std::size_t bytes() const noexcept;

 private:
  static constexpr std::size_t kMostBlocks = 32;

  Block remove(std::size_t place) noexcept;

  mutable std::mutex mutex_;                 // guards the following
  std::array<Block, kMostBlocks> blocks_{};  // the oldest first
  std::size_t count_ = 0;
  std::size_t bytes_ = 0;
};

// That of the process.
KeptBlocks& kept_blocks() noexcept;

}  // namespace tern::base
