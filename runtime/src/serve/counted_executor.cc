#include "serve/counted_executor.h"

namespace tern::serve {

namespace {

thread_local const TaskCounter* running_for = nullptr;

// Says for whom this thread works, while it does; one task may run in another.
class Running {
 public:
  explicit Running(const TaskCounter& counter) : before_(std::exchange(running_for, &counter)) {}
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() { running_for = before_; }

 private:
  const TaskCounter* before_;
};

}  // namespace

bool runs_task_of(const TaskCounter& counter) noexcept {
  return running_for == &counter;
}

CountedTask::CountedTask(std::shared_ptr<TaskCounter> counter, UniqueFunction<void()> work)
    : counter_(std::move(counter)), work_(std::move(work)) {
  counter_->task_begins();
}

CountedTask::~CountedTask() {
  if (!counter_) return;
  work_.reset();  // it may hold what the end would wait for
  counter_->task_ends();
}

void CountedTask::operator()() {
  Running running(*counter_);
  work_();
}

}  // namespace tern::serve
