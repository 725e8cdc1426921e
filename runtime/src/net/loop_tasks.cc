#include "net/loop_tasks.h"

#include <asio/post.hpp>
#include <utility>

#include "net/loop.h"

namespace tern::net {

// Gives Asio the memory of its one operation.
template <typename T>
class LoopTasks::BellMemory {
 public:
  using value_type = T;

  explicit BellMemory(std::shared_ptr<LoopTasks> owner) noexcept : owner_(std::move(owner)) {}
  template <typename U>
  BellMemory(const BellMemory<U>& other) noexcept  // NOLINT(google-explicit-constructor)
      : owner_(other.owner_) {}

  T* allocate(std::size_t) noexcept {
    static_assert(sizeof(T) <= kBellBytes && alignof(T) <= alignof(std::max_align_t));
    return reinterpret_cast<T*>(owner_->bell_);
  }
  void deallocate(T*, std::size_t) noexcept {}
  template <typename U>
  bool operator==(const BellMemory<U>& other) const noexcept {
    return owner_ == other.owner_;
  }
  template <typename U>
  bool operator!=(const BellMemory<U>& other) const noexcept {
    return owner_ != other.owner_;
  }

 private:
  template <typename U>
  friend class BellMemory;
  std::shared_ptr<LoopTasks> owner_;
};

// An io_context that ends drops it.
class LoopTasks::Bell {
 public:
  using allocator_type = BellMemory<std::byte>;

  explicit Bell(std::shared_ptr<LoopTasks> tasks) noexcept : tasks_(std::move(tasks)) {}
  Bell(Bell&&) noexcept = default;
  Bell& operator=(Bell&&) = delete;
  ~Bell() {
    if (tasks_) tasks_->drop();
  }

  allocator_type get_allocator() const noexcept { return allocator_type(tasks_); }
  void operator()() {
    const std::shared_ptr<LoopTasks> tasks = std::move(tasks_);
    tasks->run();
  }

 private:
  std::shared_ptr<LoopTasks> tasks_;
};

void LoopTasks::post(std::shared_ptr<LoopTask> task) noexcept {
  std::unique_lock lock(mutex_);
  if (task->next_) return;
  if (ended_) {
    lock.unlock();
    return task->dropped();
  }
  LoopTask& added = *task;
  if (last_) {
    added.next_ = std::exchange(last_->next_, task);
  } else {
    added.next_ = task;
  }
  last_ = std::move(task);
  ++count_;
  ring();
}

void LoopTasks::ring() noexcept {
  if (!std::exchange(rung_, true)) asio::post(io_, Bell(shared_from_this()));
}

// The first one; null if there is none.
std::shared_ptr<LoopTask> LoopTasks::take() noexcept {
  std::lock_guard lock(mutex_);
  if (!last_) return nullptr;
  --count_;
  std::shared_ptr<LoopTask> first = std::move(last_->next_);
  if (first == last_) {
    last_.reset();
  } else {
    last_->next_ = std::move(first->next_);
  }
  return first;
}

// Those that are posted meanwhile run behind what else the loop has to do.
void LoopTasks::run() {
  std::size_t left = 0;
  {
    std::lock_guard lock(mutex_);
    rung_ = false;
    left = count_;
  }
  LoopScope scope;
  try {
    for (; left > 0; --left) {
      const std::shared_ptr<LoopTask> task = take();
      if (!task) return;
      task->run_on_loop();
    }
  } catch (...) {
    // The owner of the io_context may catch it and run on: the others still run.
    std::lock_guard lock(mutex_);
    if (last_) ring();
    throw;
  }
}

void LoopTasks::end() noexcept {
  std::lock_guard lock(mutex_);
  ended_ = true;
}

void LoopTasks::drop() noexcept {
  end();
  while (const std::shared_ptr<LoopTask> task = take()) task->dropped();
}

}  // namespace tern::net
