#include "base/kept_blocks.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace tern::base {

KeptBlocks::Block KeptBlocks::take(std::size_t wanted) noexcept {
  std::lock_guard lock(mutex_);
  std::size_t best = count_;
  for (std::size_t i = 0; i < count_; ++i) {
    const std::size_t capacity = blocks_[i].capacity;
    if (capacity < wanted || capacity - wanted > wanted / 4) continue;
    if (best == count_ || capacity < blocks_[best].capacity) best = i;
  }
  return best < count_ ? remove(best) : Block();
}

void KeptBlocks::give(Block block) noexcept {
  std::array<void*, kMostBlocks> old{};
  std::size_t old_count = 0;
  {
    std::lock_guard lock(mutex_);
    while (count_ == kMostBlocks || bytes_ + block.capacity > kMostBytes) {
      old[old_count++] = remove(0).data;
    }
    blocks_[count_++] = block;
    bytes_ += block.capacity;
  }
  // Giving memory back to the system takes long.
  std::for_each(old.begin(), old.begin() + old_count, [](void* data) { std::free(data); });
}

std::size_t KeptBlocks::bytes() const noexcept {
  std::lock_guard lock(mutex_);
  return bytes_;
}

KeptBlocks::Block KeptBlocks::remove(std::size_t place) noexcept {
  const Block block = blocks_[place];
  std::move(blocks_.begin() + place + 1, blocks_.begin() + count_, blocks_.begin() + place);
  blocks_[--count_] = {};
  bytes_ -= block.capacity;
  return block;
}

KeptBlocks& kept_blocks() noexcept {
  // Never destroyed: buffers of static objects may be freed later.
  static constinit KeptBlocks blocks;
  return blocks;
}

}  // namespace tern::base
