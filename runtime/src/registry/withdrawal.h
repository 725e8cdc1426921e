// The end of a registration, and those who wait for it.
#pragma once

#include <cstdint>
#include <mutex>
#include <vector>

#include "net/loop.h"
#include "tern/function.h"
#include "tern/io_pool.h"
#include "tern/registry.h"

namespace tern::registry {

// Threads: any.
class Withdrawal {
 public:
  // `loop` outlives this.
  explicit Withdrawal(Loop& loop) : loop_(loop) {}

  // True for the first who asks, and who has to bring about the end. `done` is called by end(), or
  // soon if that has been.
  bool ask(UniqueFunction<void()> done);
  // On the loop's thread, or when the loop has been stopped. Twice is fine.
  void end();

 private:
  enum class State : std::uint8_t { kListed, kAsked, kOver };

  Loop& loop_;
  std::mutex mutex_;  // guards the following
  State state_ = State::kListed;
  std::vector<UniqueFunction<void()>> told_;
};

// What the destructor of a registration does: see tern/registry.h.
void withdraw_at_last(Registration& registration, IoPool& pool);

}  // namespace tern::registry
