// Random numbers: the user's, or some of their own. Nothing else in balance and cluster makes any,
// so a test or a simulation that sets the sources of the options decides them all.
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

// `source` for several threads and several owners: RandomNumbers as a function. Never null.
RandomSource shared_random(RandomSource source);

}  // namespace tern
