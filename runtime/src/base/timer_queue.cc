#include "base/timer_queue.h"

#include <utility>

namespace tern::base {

Timer::~Timer() {
  if (queue_) queue_->cancel(*this);
  if (gone_) *gone_ = true;
}

void Timer::cancel() noexcept {
  if (queue_) queue_->cancel(*this);
}

TimerQueue::~TimerQueue() {
  for (Timer* timer : heap_) timer->queue_ = nullptr;
}

void TimerQueue::start(Timer& timer, Clock::TimePoint due) {
  if (timer.queue_ && timer.queue_ != this) timer.queue_->cancel(timer);
  timer.due_ = due;
  if (!timer.queue_) {
    heap_.push_back(&timer);
    timer.queue_ = this;
    timer.index_ = heap_.size() - 1;
    sift_up(timer.index_);
    return;
  }
  sift_up(timer.index_);
  sift_down(timer.index_);
}

void TimerQueue::cancel(Timer& timer) noexcept {
  if (timer.queue_ != this) return;
  timer.queue_ = nullptr;
  std::size_t hole = timer.index_;
  Timer* last = heap_.back();
  heap_.pop_back();
  if (last == &timer) return;
  place(hole, last);
  sift_up(hole);
  sift_down(last->index_);
}

std::optional<Clock::TimePoint> TimerQueue::next() const noexcept {
  if (heap_.empty()) return std::nullopt;
  return heap_.front()->due_;
}

void TimerQueue::run_due(Clock::TimePoint now) {
  // All that are due leave the heap for a queue of their own first. A callback can still cancel or
  // destroy any of them, and what it starts anew goes to the heap.
  TimerQueue due;
  try {
    while (!heap_.empty() && heap_.front()->due_ <= now) due.take(*heap_.front());
    while (!due.heap_.empty()) {
      Timer& timer = *due.heap_.front();
      due.cancel(timer);
      if (timer.callback_) run(timer);
    }
  } catch (...) {
    // Those that have not run wait for the next run.
    while (!due.heap_.empty()) take(*due.heap_.front());
    throw;
  }
}

// The callback may destroy the timer, and with it the callback itself: it runs from here, and is
// put back if the timer is still there to take it.
void TimerQueue::run(Timer& timer) {
  struct Running {
    explicit Running(Timer& ran)
        : timer(ran), callback(std::move(ran.callback_)), outer(std::exchange(ran.gone_, &gone)) {}
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running() {
      if (gone) return;
      timer.gone_ = outer;
      if (!timer.callback_) timer.callback_ = std::move(callback);
    }
    Timer& timer;
    UniqueFunction<void()> callback;
    bool gone = false;
    bool* outer;
  } running(timer);
  running.callback();
}

// Out of another queue. Without memory it stays there.
void TimerQueue::take(Timer& timer) {
  heap_.push_back(&timer);
  TimerQueue& other = *timer.queue_;
  other.cancel(timer);
  timer.queue_ = this;
  timer.index_ = heap_.size() - 1;
  sift_up(timer.index_);
}

void TimerQueue::place(std::size_t index, Timer* timer) noexcept {
  heap_[index] = timer;
  timer->index_ = index;
}

void TimerQueue::sift_up(std::size_t index) noexcept {
  Timer* timer = heap_[index];
  while (index > 0) {
    std::size_t parent = (index - 1) / 2;
    if (heap_[parent]->due_ <= timer->due_) break;
    place(index, heap_[parent]);
    index = parent;
  }
  place(index, timer);
}

void TimerQueue::sift_down(std::size_t index) noexcept {
  Timer* timer = heap_[index];
  for (;;) {
    std::size_t child = 2 * index + 1;
    if (child >= heap_.size()) break;
    if (child + 1 < heap_.size() && heap_[child + 1]->due_ < heap_[child]->due_) ++child;
    if (timer->due_ <= heap_[child]->due_) break;
    place(index, heap_[child]);
    index = child;
  }
  place(index, timer);
}

}  // namespace tern::base
