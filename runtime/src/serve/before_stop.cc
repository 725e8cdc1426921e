#include "serve/before_stop.h"

#include <algorithm>
#include <asio/post.hpp>
#include <exception>
#include <utility>

namespace tern::serve {

bool BeforeStop::add(UniqueFunction<void()> blocks) {
  std::lock_guard lock(mutex_);
  if (state_ != State::kNotYet) return false;
  blocking_.push_back(std::move(blocks));
  return true;
}

bool BeforeStop::add_async(Begin begin) {
  std::lock_guard lock(mutex_);
  if (state_ != State::kNotYet) return false;
  async_.push_back(std::move(begin));
  return true;
}

void BeforeStop::run() {
  begin();
  Lock lock(mutex_);
  changed_.wait(lock, [this] { return not_done_ == 0; });
  if (state_ == State::kBegun) {
    run_blocking(std::move(lock));
  } else {
    changed_.wait(lock, [this] { return state_ == State::kDone; });
  }
}

void BeforeStop::ask(const Lock& /*lock*/) noexcept {
  if (state_ == State::kNotYet) state_ = State::kAsked;
}

void BeforeStop::then_stop(const Lock& /*lock*/, std::chrono::nanoseconds drain) noexcept {
  asked_drain_ = std::min(asked_drain_.value_or(drain), drain);
}

void BeforeStop::begin() {
  {
    std::lock_guard lock(mutex_);
    if (state_ >= State::kBegun) return;
    state_ = State::kBegun;
    not_done_ = async_.size() + 1;  // and this thread
  }
  for (auto begin = async_.rbegin(); begin != async_.rend(); ++begin) {
    // It is done when nobody can say so any more.
    std::shared_ptr<void> done(nullptr,
                               [this, alive = user_.keep_alive()](void*) { one_is_done(); });
    try {
      (*begin)([done = std::move(done)]() mutable { done.reset(); });
    } catch (const std::exception& thrown) {
      log_.exception("what async_before_stop() was given", thrown.what());
    }
  }
  one_is_done();
}

void BeforeStop::one_is_done() {
  std::vector<Begin> all;
  {
    std::lock_guard lock(mutex_);
    if (not_done_ > 1) {
      --not_done_;
      return;
    }
    all.swap(async_);
  }
  // While nobody can have ended the pools that they may live on.
  all.clear();
  Lock lock(mutex_);
  not_done_ = 0;
  changed_.notify_all();
  if (state_ == State::kBegun && asked_drain_) go_on(std::move(lock));
}

void BeforeStop::go_on(Lock lock) {
  if (blocking_.empty()) {
    run_blocking(std::move(lock));
    return;
  }
  lock.unlock();
  // Without an executor a thread waits in run().
  if (asio::any_io_executor executor = user_.blocking_executor()) {
    asio::post(executor, [this, alive = user_.keep_alive()] { run_as_asked(); });
  }
}

void BeforeStop::run_as_asked() {
  Lock lock(mutex_);
  if (state_ == State::kBegun) run_blocking(std::move(lock));
}

void BeforeStop::run_blocking(Lock lock) {
  state_ = State::kRunning;
  std::vector<UniqueFunction<void()>> tasks = std::exchange(blocking_, {});
  lock.unlock();
  for (auto task = tasks.rbegin(); task != tasks.rend(); ++task) (*task)();
  tasks.clear();
  lock.lock();
  state_ = State::kDone;
  const std::optional<std::chrono::nanoseconds> asked = std::exchange(asked_drain_, std::nullopt);
  changed_.notify_all();
  lock.unlock();
  if (asked) user_.begin(*asked);
}

}  // namespace tern::serve
