// Values that only the holder of a mutex can reach.
#pragma once

#include <cassert>
#include <mutex>
#include <utility>

namespace tern::base {

// Holds a mutex as long as it lives, and is the proof of that.
class MutexLock {
 public:
  explicit MutexLock(std::mutex& mutex) : mutex_(mutex) { mutex_.lock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;
  ~MutexLock() { mutex_.unlock(); }

  bool holds(const std::mutex& mutex) const noexcept { return &mutex == &mutex_; }

 private:
  std::mutex& mutex_;
};

// A value that a mutex guards: there is no way to it without a lock. One mutex may guard several
// values, of different owners; it outlives them.
template <typename T>
class Guarded {
 public:
  template <typename... Args>
  explicit Guarded(std::mutex& mutex, Args&&... args)
      : mutex_(mutex), value_(std::forward<Args>(args)...) {}
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;

  // The reference is good while the lock is held.
  T& with([[maybe_unused]] const MutexLock& lock) noexcept {
    assert(lock.holds(mutex_));
    return value_;
  }
  const T& with([[maybe_unused]] const MutexLock& lock) const noexcept {
    assert(lock.holds(mutex_));
    return value_;
  }

 private:
  const std::mutex& mutex_;
  T value_;
};

}  // namespace tern::base
