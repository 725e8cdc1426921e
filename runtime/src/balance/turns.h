// Whose turn it is.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "base/random.h"

namespace tern::balance {

// Threads: any.
class Turns {
 public:
  // The first turn is chosen at random.
  explicit Turns(base::RandomNumbers& random) : next_(random.next_bits()) {}

  // Of 0 … size - 1, one after the other.
  std::size_t take(std::size_t size) noexcept {
    return next_.fetch_add(1, std::memory_order_relaxed) % size;
  }

  // For those who go on from the one that they chose, whoever's turn it was.
  std::size_t now(std::size_t size) const noexcept {
    return next_.load(std::memory_order_relaxed) % size;
  }
  void go_on_behind(std::size_t index) noexcept {
    next_.store(index + 1, std::memory_order_relaxed);
  }

 private:
  std::atomic<std::uint64_t> next_;
};

}  // namespace tern::balance
