// What tests with wicked bytes measure and limit: the heap and the stack.
#pragma once

#include <cstddef>
#include <functional>

namespace sample {

// How much the heap of the whole program grew at most since this was made, by whatever thread. One
// at a time; linked with hostile.cc, which counts.
class HeapGrowth {
 public:
  HeapGrowth() noexcept;
  std::size_t most() const noexcept;
  // By how much it is larger now; 0 if it is smaller.
  std::size_t left() const noexcept;

 private:
  std::size_t before_;
};

// Runs `work` on a stack of 256 KiB.
void on_small_stack(std::function<void()> work);

}  // namespace sample
