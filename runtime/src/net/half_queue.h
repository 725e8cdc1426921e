// What has come for one half of a Duplex and was not read.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "net/loop.h"
#include "tern/buffer.h"

namespace tern::net {

// Its memory is the loop's, and goes back there when nothing is left. Threads: the loop's.
class HalfQueue {
 public:
  HalfQueue() = default;
  HalfQueue(const HalfQueue&) = delete;
  HalfQueue& operator=(const HalfQueue&) = delete;

  bool empty() const noexcept { return bytes_.empty(); }
  std::size_t size() const noexcept { return bytes_.size(); }
  // Those of them that nothing else bounds.
  std::size_t counted() const noexcept { return counted_; }

  void append(Loop& loop, ByteView bytes, bool counts);
  // Takes what is there, up to the size of `into`: how much.
  std::size_t read(Loop& loop, std::span<std::byte> into) noexcept;
  // Takes all, unread. The memory stays.
  void drop() noexcept { consume(bytes_.size()); }
  // The same, and the memory goes.
  void clear(Loop& loop) noexcept;

 private:
  // Bytes that follow each other, of the same sort.
  struct Run {
    std::size_t bytes = 0;
    bool counts = false;
  };

  void consume(std::size_t bytes) noexcept;

  Buffer bytes_;
  std::vector<Run> runs_;  // what it consists of, from first_run_ on
  std::size_t first_run_ = 0;
  std::size_t counted_ = 0;
};

}  // namespace tern::net
