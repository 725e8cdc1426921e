// How long to wait before connecting again.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>

#include "tern/backoff.h"

namespace tern::base {

// Threads: one at a time.
class BackoffSchedule {
 public:
  // `random` gives numbers in [0, 1); null: a generator of its own, seeded from the system.
  BackoffSchedule(const Backoff& backoff, std::function<double()> random);

  // One more attempt has failed: the wait before the next.
  std::chrono::nanoseconds next();
  // An attempt has succeeded: the next wait is the first one again.
  void reset() noexcept { failures_ = 0; }

 private:
  Backoff backoff_;
  std::function<double()> random_;
  std::size_t failures_ = 0;
};

}  // namespace tern::base
