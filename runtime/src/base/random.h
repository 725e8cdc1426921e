// Random numbers: the user's source, or one that the system seeds. Nothing else in the runtime
// makes any, so a test or a simulation that sets the sources of the options decides them all.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>

namespace tern::base {

// Threads: any. A source of the user's is called by one thread at a time. Without one there is no
// lock.
class RandomNumbers {
 public:
  // `source` gives numbers in [0, 1). Null: the system's random device seeds a generator.
  explicit RandomNumbers(std::function<double()> source);

  // In [0, 1).
  double next();
  // Any 32 bits.
  std::uint32_t next_bits() {
    return static_cast<std::uint32_t>(static_cast<std::uint64_t>(next() * 0x1p32));
  }

 private:
  std::atomic<std::uint64_t> state_;

  std::mutex mutex_;  // guards the following
  const std::function<double()> source_;
};

// `source` for several threads and several owners: RandomNumbers as a function. Never null.
std::function<double()> shared_random(std::function<double()> source);

}  // namespace tern::base
