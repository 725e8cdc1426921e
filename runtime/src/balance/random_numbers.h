// Random numbers for balancers: the user's, or some of their own.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

#include "tern/balancer.h"

namespace tern {

// Threads: any. Without a source of the user's there is no lock.
class RandomNumbers {
 public:
  // `source` null: numbers that the system's random device begins.
  explicit RandomNumbers(RandomSource source);

  // In [0, 1).
  double next();

 private:
  std::atomic<std::uint64_t> state_;

  std::mutex mutex_;  // guards the following
  const RandomSource source_;
};

}  // namespace tern
