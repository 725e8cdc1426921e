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
  while (first_) cancel(*first_);
}

void TimerQueue::start(Timer& timer, Clock::TimePoint due) noexcept {
  timer.cancel();
  timer.due_ = due;
  add(timer);
}

void TimerQueue::cancel(Timer& timer) noexcept {
  if (timer.queue_ == this) remove(timer);
}

std::optional<Clock::TimePoint> TimerQueue::next() const noexcept {
  if (!first_) return std::nullopt;
  return first_->due_;
}

void TimerQueue::run_due(Clock::TimePoint now) {
  // All that are due leave the heap for a queue of their own first. A callback can still cancel or
  // destroy any of them, and what it starts anew goes to the heap.
  TimerQueue due;
  const auto move_first = [](TimerQueue& from, TimerQueue& to) {
    Timer& timer = *from.first_;
    from.remove(timer);
    to.add(timer);
  };
  try {
    while (first_ && first_->due_ <= now) move_first(*this, due);
    while (due.first_) {
      Timer& timer = *due.first_;
      due.remove(timer);
      if (timer.callback_) run(timer);
    }
  } catch (...) {
    // Those that have not run wait for the next run.
    while (due.first_) move_first(due, *this);
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

void TimerQueue::add(Timer& timer) noexcept {
  timer.queue_ = this;
  first_ = first_ ? meld(first_, &timer) : &timer;
  ++size_;
}

void TimerQueue::remove(Timer& timer) noexcept {
  Timer* const below = meld_all(std::exchange(timer.child_, nullptr));
  if (&timer == first_) {
    first_ = below;
  } else {
    Timer* const next = std::exchange(timer.next_, nullptr);
    Timer* const previous = std::exchange(timer.previous_, nullptr);
    (previous->child_ == &timer ? previous->child_ : previous->next_) = next;
    if (next) next->previous_ = previous;
    if (below) first_ = meld(first_, below);
  }
  timer.queue_ = nullptr;
  --size_;
}

// Neither has a timer beside it.
Timer* TimerQueue::meld(Timer* one, Timer* other) noexcept {
  if (other->due_ < one->due_) std::swap(one, other);
  other->next_ = one->child_;
  other->previous_ = one;
  if (one->child_) one->child_->previous_ = other;
  one->child_ = other;
  return one;
}

// In pairs, and then the pairs: so that each timer costs the logarithm of their number.
Timer* TimerQueue::meld_all(Timer* first) noexcept {
  const auto take = [](Timer*& from) {
    Timer* const one = from;
    if (one) {
      from = one->next_;
      one->next_ = one->previous_ = nullptr;
    }
    return one;
  };
  Timer* pairs = nullptr;  // the last one first
  while (first) {
    Timer* pair = take(first);
    if (Timer* const other = take(first)) pair = meld(pair, other);
    pair->next_ = pairs;
    pairs = pair;
  }
  Timer* all = take(pairs);
  while (pairs) {
    Timer* const pair = take(pairs);
    all = meld(all, pair);
  }
  return all;
}

}  // namespace tern::base
