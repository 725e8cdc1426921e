// How a server ends: step by step, each taken by whoever was the last that it waited for.
#include <fmt/format.h>

#include <algorithm>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <system_error>
#include <utility>

#include "base/duration_text.h"
#include "net/loop.h"
#include "serve/server_core.h"
#include "tern/loop_thread.h"

namespace tern::serve {

bool ServerCore::before_stop(UniqueFunction<void()> run) {
  std::lock_guard lock(mutex_);
  if (leaving_ != Leaving::kNotYet) return false;
  before_stop_.push_back(std::move(run));
  return true;
}

bool ServerCore::async_before_stop(BeforeStop begin) {
  std::lock_guard lock(mutex_);
  if (leaving_ != Leaving::kNotYet) return false;
  async_before_stop_.push_back(std::move(begin));
  return true;
}

void ServerCore::leave() {
  begin_leaving();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return not_left_ == 0; });
  if (leaving_ == Leaving::kBegun) {
    run_before_stop(std::move(lock));
  } else {
    changed_.wait(lock, [this] { return leaving_ == Leaving::kDone; });
  }
}

void ServerCore::begin_leaving() {
  {
    std::lock_guard lock(mutex_);
    if (leaving_ >= Leaving::kBegun) return;
    leaving_ = Leaving::kBegun;
    not_left_ = async_before_stop_.size() + 1;  // and this thread
  }
  for (auto begin = async_before_stop_.rbegin(); begin != async_before_stop_.rend(); ++begin) {
    // Has left when nobody can say it any more.
    std::shared_ptr<void> leaves(nullptr,
                                 [self = shared_from_this()](void*) { self->one_has_left(); });
    try {
      (*begin)([leaves = std::move(leaves)]() mutable { leaves.reset(); });
    } catch (const std::exception& thrown) {
      log_.line(fmt::format("tern: what async_before_stop() was given threw: {}", thrown.what()));
    }
  }
  one_has_left();
}

void ServerCore::one_has_left() {
  std::vector<BeforeStop> all;
  {
    std::lock_guard lock(mutex_);
    if (not_left_ > 1) {
      --not_left_;
      return;
    }
    all.swap(async_before_stop_);
  }
  // While nobody can have ended the pools that they may live on.
  all.clear();
  std::unique_lock lock(mutex_);
  not_left_ = 0;
  changed_.notify_all();
  if (leaving_ == Leaving::kBegun && asked_drain_) go_on_leaving(std::move(lock));
}

void ServerCore::go_on_leaving(std::unique_lock<std::mutex> lock) {
  if (before_stop_.empty()) {
    run_before_stop(std::move(lock));
  } else if (options_.blocking_executor) {
    lock.unlock();
    asio::post(counted(options_.blocking_executor),
               [self = shared_from_this()] { self->leave_as_asked(); });
  }
  // Else a thread waits in stop().
}

void ServerCore::leave_as_asked() {
  std::unique_lock lock(mutex_);
  if (leaving_ == Leaving::kBegun) run_before_stop(std::move(lock));
}

void ServerCore::run_before_stop(std::unique_lock<std::mutex> lock) {
  leaving_ = Leaving::kRunning;
  std::vector<UniqueFunction<void()>> tasks = std::exchange(before_stop_, {});
  lock.unlock();
  for (auto task = tasks.rbegin(); task != tasks.rend(); ++task) (*task)();
  tasks.clear();
  lock.lock();
  leaving_ = Leaving::kDone;
  std::optional<std::chrono::nanoseconds> asked = std::exchange(asked_drain_, std::nullopt);
  changed_.notify_all();
  lock.unlock();
  if (asked) begin_stop(*asked);
}

bool ServerCore::waits_for_this_thread() const {
  if (on_loop_thread() || runs_task_of(*this)) return true;
  std::lock_guard lock(mutex_);
  return threads_.on_worker();
}

void ServerCore::stop(std::chrono::nanoseconds drain) {
  struct Stopper {
    explicit Stopper(ServerCore& stopped) : core(stopped) {
      std::lock_guard lock(core.mutex_);
      ++core.stoppers_;
    }
    Stopper(const Stopper&) = delete;
    Stopper& operator=(const Stopper&) = delete;
    ~Stopper() {
      std::lock_guard lock(core.mutex_);
      --core.stoppers_;
    }
    ServerCore& core;
  } stopper(*this);
  leave();
  begin_stop(drain);
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return state_ == State::kClosed || state_ == State::kStopped; });
    if (state_ == State::kStopped) return;
    state_ = State::kJoining;
  }
  join();
  wait();
}

void ServerCore::async_stop(std::chrono::nanoseconds drain, UniqueFunction<void()> done) {
  bool begins = false;
  {
    std::unique_lock lock(mutex_);
    if (leaving_ == Leaving::kNotYet) {
      begins = before_stop_.empty() || options_.blocking_executor;
      if (!begins) helper_ = base::KeptThread([this, drain] { stop(drain); });
      leaving_ = Leaving::kAsked;
    }
    at_end_.push_back(std::move(done));
    if (state_ == State::kStopped) {
      end(std::move(lock));
      return;
    }
    if (leaving_ != Leaving::kDone) {
      asked_drain_ = std::min(asked_drain_.value_or(drain), drain);
      lock.unlock();
      if (begins) begin_leaving();
      return;
    }
  }
  begin_stop(drain);
}

void ServerCore::begin_stop(std::chrono::nanoseconds drain) {
  std::vector<Listening> listeners;
  std::vector<std::pair<Loop*, std::shared_ptr<DialOut>>> dials;
  {
    std::unique_lock lock(mutex_);
    if (state_ > State::kStopping) return;
    state_ = State::kStopping;
    if (!used_) {
      go_on(std::move(lock));
      return;
    }
    listeners.swap(listeners_);
    dials.swap(dials_);
    tasks_ += listeners.size() + dials.size() + loops_.size();
  }
  if (log_.takes(LogLevel::kInfo)) {
    log_.line(
        fmt::format("tern: server: stopping; calls that run have {}", base::duration_text(drain)),
        LogLevel::kInfo);
  }
  for (auto& [loop, dial] : dials) {
    run_on(*loop, [dialing = std::move(dial)] { dialing->stop(); });
  }
  for (Listening& one : listeners) {
    run_on(*one.loop, [listener = std::move(one.listener)] { listener->finish(); });
  }
  for (auto& one : loops_) {
    // Where nothing runs, there is nothing to wait for.
    bool stopped = one->loop().io().stopped();
    auto limit = stopped ? std::chrono::nanoseconds(0) : drain;
    run_on(one->loop(), [&serve_loop = *one, limit] { serve_loop.begin_stop(limit); });
  }
}

void ServerCore::run_on(Loop& loop, UniqueFunction<void()> task) {
  auto run = [self = shared_from_this(), task = std::move(task)]() mutable {
    task();
    task.reset();
    self->task_done();
  };
  if (loop.io().stopped()) {
    run();
  } else {
    loop.post(std::move(run));
  }
}

void ServerCore::task_begins() noexcept {
  std::lock_guard lock(mutex_);
  ++tasks_;
}

void ServerCore::task_done() {
  std::unique_lock lock(mutex_);
  if (--tasks_ == 0) go_on(std::move(lock));
}

void ServerCore::go_on(std::unique_lock<std::mutex> lock) {
  if (tasks_ > 0) return;
  if (state_ == State::kReleasing) {
    end(std::move(lock));
    return;
  }
  if (state_ != State::kStopping || sessions_ > 0) return;
  if (stoppers_ > 0) {
    state_ = State::kClosed;
    changed_.notify_all();
    return;
  }
  state_ = State::kJoining;
  bool has_threads = threads_.any() || (watch_ && watch_->has_thread());
  bool loops_run = used_ && !pool_.loop(0).io().stopped();
  bool on_worker = threads_.on_worker();
  lock.unlock();
  if (!loops_run && !on_worker) {
    join();
  } else if (has_threads) {
    join_elsewhere();
  } else {
    // Not from here: a session may be in the middle of closing.
    pool_.loop(0).post([self = shared_from_this()] { self->join(); });
  }
}

void ServerCore::join_elsewhere() {
  try {
    helper_ = base::KeptThread([this] { join(); });
    return;
  } catch (const std::system_error&) {
    // No thread is left.
  }
  join();
}

// In State::kJoining, which one thread at a time has brought about.
void ServerCore::join() {
  if (watch_) watch_->stop();
  threads_.join();
  // No session asks them any more, and the loops, which they may need to end, are still there.
  http_handlers_.release();
  OwnThreads gone;  // destroyed without the lock
  {
    std::unique_lock lock(mutex_);
    std::swap(gone, threads_);
    state_ = State::kReleasing;
    if (!used_) {
      end(std::move(lock));
      return;
    }
    tasks_ += loops_.size();
  }
  // Behind all that the workers and the sessions have left on the loops.
  for (auto& one : loops_) run_on(one->loop(), [] {});
}

void ServerCore::end(std::unique_lock<std::mutex> lock) {
  std::vector<UniqueFunction<void()>> told = std::exchange(at_end_, {});
  Loop& loop = pool_.loop(0);
  if (!loop.io().stopped()) {
    // Before anybody learns of the end, who may destroy the pool then.
    for (UniqueFunction<void()>& done : told) {
      loop.post(
          [self = shared_from_this(), done = std::move(done)]() mutable { self->tell_end(done); });
    }
    told.clear();
  }
  state_ = State::kStopped;
  changed_.notify_all();
  lock.unlock();
  for (UniqueFunction<void()>& done : told) tell_end(done);
}

void ServerCore::tell_end(UniqueFunction<void()>& done) noexcept {
  try {
    UniqueFunction<void()> last = std::move(done);
    if (last) last();
  } catch (const std::exception& thrown) {
    log_.line(fmt::format("tern: what async_stop() was given threw: {}", thrown.what()));
  } catch (...) {
    log_.line("tern: what async_stop() was given threw something that is no std::exception");
  }
}

void ServerCore::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return state_ == State::kStopped; });
}

bool ServerCore::stopped() const {
  std::lock_guard lock(mutex_);
  return state_ == State::kStopped;
}

bool ServerCore::session_opened() {
  std::lock_guard lock(mutex_);
  if (state_ > State::kStopping) return false;
  ++sessions_;
  return true;
}

void ServerCore::session_closed() {
  std::unique_lock lock(mutex_);
  if (--sessions_ == 0) go_on(std::move(lock));
}

}  // namespace tern::serve
