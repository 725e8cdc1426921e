// A number that one thread writes and any thread reads, without locked instructions.
#pragma once

#include <atomic>
#include <cstdint>

namespace tern::base {

// Threads: add(), subtract() and set() on one thread; get() from any.
class LoopCounter {
 public:
  void add(std::uint64_t count = 1) noexcept { set(get() + count); }
  void subtract(std::uint64_t count = 1) noexcept { set(get() - count); }
  void set(std::uint64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }
  std::uint64_t get() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

}  // namespace tern::base
