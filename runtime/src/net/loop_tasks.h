// Tasks of a loop that need no memory to be posted.
#pragma once

#include <asio/io_context.hpp>
#include <cstddef>
#include <memory>
#include <mutex>

namespace tern::net {

// A task that is a part of what it does something for.
class LoopTask {
 public:
  LoopTask(const LoopTask&) = delete;
  LoopTask& operator=(const LoopTask&) = delete;
  // On the loop's thread. May post it again.
  virtual void run_on_loop() = 0;
  // It will not run: its loop has ended. On the thread that ends it, or that posts it.
  virtual void dropped() noexcept {}

 protected:
  LoopTask() noexcept = default;
  ~LoopTask() = default;

 private:
  friend class LoopTasks;
  std::shared_ptr<LoopTask> next_;  // the mutex of its LoopTasks guards it; null: not posted
};

// Those of one loop, in the order in which they were posted. The one operation of Asio that runs
// them has its memory in here.
// Threads: any.
class LoopTasks : public std::enable_shared_from_this<LoopTasks> {
 public:
  explicit LoopTasks(asio::io_context& io) noexcept : io_(io) {}
  LoopTasks(const LoopTasks&) = delete;
  LoopTasks& operator=(const LoopTasks&) = delete;
  ~LoopTasks() { drop(); }

  // Runs `task` on the loop's thread, once, soon and not from within this call; holds it until
  // then. Of no effect on one that is posted and has not begun. A task is of one loop.
  void post(std::shared_ptr<LoopTask> task) noexcept;
  // What is posted from now on is dropped.
  void end() noexcept;

 private:
  class Bell;
  template <typename T>
  class BellMemory;
  static constexpr std::size_t kBellBytes = 128;

  void ring() noexcept;
  void run();
  void drop() noexcept;
  std::shared_ptr<LoopTask> take() noexcept;

  asio::io_context& io_;
  std::mutex mutex_;                // guards the following
  std::shared_ptr<LoopTask> last_;  // the one behind it is the first; null: there is none
  std::size_t count_ = 0;
  bool rung_ = false;  // run() will come
  bool ended_ = false;
  alignas(std::max_align_t) std::byte bell_[kBellBytes];
};

}  // namespace tern::net
