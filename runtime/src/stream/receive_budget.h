// What the streams of one connection may keep beyond their first windows, together.
#pragma once

#include <cstdint>

namespace tern::stream {

// Threads: the loop's.
class ReceiveBudget {
 public:
  explicit ReceiveBudget(std::uint64_t limit) noexcept : limit_(limit) {}

  std::uint64_t left() const noexcept { return limit_ - taken_; }
  std::uint64_t taken() const noexcept { return taken_; }
  // At most left().
  void take(std::uint64_t bytes) noexcept { taken_ += bytes; }
  void give_back(std::uint64_t bytes) noexcept { taken_ -= bytes; }

 private:
  std::uint64_t limit_;
  std::uint64_t taken_ = 0;
};

}  // namespace tern::stream
