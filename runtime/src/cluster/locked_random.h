// A random source for several threads.
#pragma once

#include <functional>
#include <mutex>

namespace tern {

class LockedRandom {
 public:
  // Null: a generator of its own.
  explicit LockedRandom(std::function<double()> random);

  double operator()() {
    std::lock_guard lock(mutex_);
    return random_();
  }

 private:
  std::mutex mutex_;  // guards the following
  std::function<double()> random_;
};

}  // namespace tern
