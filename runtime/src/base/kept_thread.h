// Threads that somebody joins, whatever happens.
#pragma once

#include <atomic>
#include <memory>
#include <thread>

#include "tern/function.h"

namespace tern::base {

// A thread that its owner joins; or the process, when it ends, if the owner must not wait. So no
// thread runs while the process's own objects are destroyed.
class KeptThread {
 public:
  KeptThread() noexcept = default;
  // Throws std::system_error if there is no thread; `run` must not throw.
  explicit KeptThread(UniqueFunction<void()> run);
  KeptThread(KeptThread&&) noexcept = default;
  KeptThread& operator=(KeptThread&& other) noexcept;
  KeptThread(const KeptThread&) = delete;
  KeptThread& operator=(const KeptThread&) = delete;
  // Waits for the thread; on the thread itself it leaves.
  ~KeptThread();

  // The process joins it: when a later thread is left, if it has come to its end by then, or at
  // exit. What it runs must come to an end by itself. Any thread.
  void leave();

 private:
  std::thread thread_;
  std::shared_ptr<std::atomic<bool>> over_;  // the last that the thread does
};

}  // namespace tern::base
