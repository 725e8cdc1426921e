// A value that many read and few replace.
#pragma once

#include <atomic>
#include <memory>
#include <thread>
#include <utility>

namespace tern::cluster {

// A reader keeps the value that it has got, also after that is replaced. The lock is held for as
// long as it takes to count one more reader, so that waiting for a mutex would take longer than the
// lock does. Threads: any.
template <typename T>
class Current {
 public:
  using Pointer = std::shared_ptr<const T>;

  explicit Current(Pointer value) noexcept : value_(std::move(value)) {}

  Pointer get() const noexcept {
    lock();
    Pointer value = value_;
    unlock();
    return value;
  }

  void set(Pointer value) noexcept {
    lock();
    value_.swap(value);
    unlock();
    // The one before ends here, without the lock.
  }

 private:
  void lock() const noexcept {
    while (locked_.exchange(true, std::memory_order_acquire)) std::this_thread::yield();
  }
  void unlock() const noexcept { locked_.store(false, std::memory_order_release); }

  mutable std::atomic<bool> locked_ = false;  // guards the following
  Pointer value_;
};

}  // namespace tern::cluster
