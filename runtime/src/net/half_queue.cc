#include "net/half_queue.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace tern::net {

namespace {

// A half that has been read to its end keeps memory for so many runs.
constexpr std::size_t kKeptRuns = 64;

}  // namespace

void HalfQueue::append(Loop& loop, ByteView bytes, bool counts) {
  if (bytes.empty()) return;
  if (bytes_.capacity() == 0) bytes_ = loop.take_buffer(bytes.size());
  if (runs_.empty() || runs_.back().counts != counts) runs_.push_back({0, counts});
  bytes_.append(bytes);
  runs_.back().bytes += bytes.size();
  if (counts) counted_ += bytes.size();
}

std::size_t HalfQueue::read(Loop& loop, std::span<std::byte> into) noexcept {
  const std::size_t size = std::min(into.size(), bytes_.size());
  std::memcpy(into.data(), bytes_.view().data(), size);
  consume(size);
  if (bytes_.empty()) loop.give_buffer(std::exchange(bytes_, Buffer()));
  return size;
}

void HalfQueue::clear(Loop& loop) noexcept {
  drop();
  loop.give_buffer(std::exchange(bytes_, Buffer()));
}

// Removes what has been read from the front.
void HalfQueue::consume(std::size_t bytes) noexcept {
  bytes_.consume(bytes);
  if (bytes_.empty()) {
    if (runs_.capacity() > kKeptRuns) {
      runs_ = std::vector<Run>();
    } else {
      runs_.clear();
    }
    first_run_ = counted_ = 0;
    return;
  }
  while (bytes > 0) {
    Run& run = runs_[first_run_];
    const std::size_t part = std::min(bytes, run.bytes);
    run.bytes -= part;
    bytes -= part;
    if (run.counts) counted_ -= part;
    if (run.bytes == 0) ++first_run_;
  }
  if (first_run_ > runs_.size() / 2) {
    runs_.erase(runs_.begin(), runs_.begin() + static_cast<std::ptrdiff_t>(first_run_));
    first_run_ = 0;
  }
}

}  // namespace tern::net
