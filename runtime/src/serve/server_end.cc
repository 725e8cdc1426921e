#include "serve/server_end.h"

#include <asio/io_context.hpp>
#include <exception>
#include <system_error>
#include <utility>

#include "net/loop.h"

namespace tern::serve {

ServerEnd::ServerEnd(IoPool& pool, asio::any_io_executor blocking_executor, std::mutex& mutex,
                     ServerLog& log, EndingServer& server)
    : pool_(pool),
      blocking_executor_(std::move(blocking_executor)),
      log_(log),
      server_(server),
      before_(mutex, log, *this),
      mutex_(mutex) {}

// The helper may still be on its way out; on itself it has nothing left to do.
ServerEnd::~ServerEnd() {
  helper_ = base::KeptThread();
}

// --- Who stops it ---

void ServerEnd::stop(std::chrono::nanoseconds drain) {
  struct Stopper {
    explicit Stopper(ServerEnd& end) : stopped(end) {
      std::lock_guard lock(stopped.mutex_);
      ++stopped.stoppers_;
    }
    Stopper(const Stopper&) = delete;
    Stopper& operator=(const Stopper&) = delete;
    ~Stopper() {
      std::lock_guard lock(stopped.mutex_);
      --stopped.stoppers_;
    }
    ServerEnd& stopped;
  } stopper(*this);
  before_.run();
  begin(drain);
  {
    Lock lock(mutex_);
    changed_.wait(lock, [this] { return step_ == Step::kClosed || step_ == Step::kStopped; });
    if (step_ == Step::kStopped) return;
    step_ = Step::kJoining;
  }
  join();
  wait();
}

void ServerEnd::async_stop(std::chrono::nanoseconds drain, UniqueFunction<void()> done) {
  bool begins = false;
  {
    Lock lock(mutex_);
    if (!before_.asked(lock)) {
      begins = !before_.blocks(lock) || blocking_executor_;
      if (!begins) helper_ = base::KeptThread([this, drain] { stop(drain); });
      before_.ask(lock);
    }
    at_end_.push_back(std::move(done));
    if (step_ == Step::kStopped) {
      finish(std::move(lock));
      return;
    }
    if (!before_.done(lock)) {
      before_.then_stop(lock, drain);
      lock.unlock();
      if (begins) before_.begin();
      return;
    }
  }
  begin(drain);
}

void ServerEnd::wait() {
  Lock lock(mutex_);
  changed_.wait(lock, [this] { return step_ == Step::kStopped; });
}

bool ServerEnd::stopped() const {
  std::lock_guard lock(mutex_);
  return step_ == Step::kStopped;
}

void ServerEnd::begin(std::chrono::nanoseconds drain) {
  {
    Lock lock(mutex_);
    if (step_ > Step::kStopping) return;
    step_ = Step::kStopping;
    if (!uses_loops_) {
      go_on(std::move(lock));
      return;
    }
    ++tasks_;  // until the server has counted its own
  }
  server_.begin_stop(drain);
  task_ends();
}

// --- What it waits for ---

bool ServerEnd::session_opened() {
  Lock lock(mutex_);
  if (closed(lock)) return false;
  ++sessions_;
  return true;
}

void ServerEnd::session_closed() {
  Lock lock(mutex_);
  if (--sessions_ == 0) go_on(std::move(lock));
}

void ServerEnd::run_on(Loop& loop, UniqueFunction<void()> task) {
  auto run = [this, alive = keep_alive(), task = std::move(task)]() mutable {
    task();
    task.reset();
    task_ends();
  };
  if (loop.io().stopped()) {
    run();
  } else {
    loop.post(std::move(run));
  }
}

asio::any_io_executor ServerEnd::counted(const asio::any_io_executor& executor) {
  return CountedExecutor(executor, std::shared_ptr<TaskCounter>(keep_alive(), this));
}

asio::any_io_executor ServerEnd::blocking_executor() {
  return blocking_executor_ ? counted(blocking_executor_) : asio::any_io_executor();
}

void ServerEnd::task_begins() noexcept {
  std::lock_guard lock(mutex_);
  ++tasks_;
}

void ServerEnd::task_ends() noexcept {
  Lock lock(mutex_);
  if (--tasks_ == 0) go_on(std::move(lock));
}

// --- Step by step ---

void ServerEnd::go_on(Lock lock) {
  if (tasks_ > 0) return;
  if (step_ == Step::kReleasing) {
    finish(std::move(lock));
    return;
  }
  if (step_ != Step::kStopping || sessions_ > 0) return;
  if (stoppers_ > 0) {
    step_ = Step::kClosed;
    changed_.notify_all();
    return;
  }
  step_ = Step::kJoining;
  const bool uses_loops = uses_loops_;
  lock.unlock();
  begin_joining(uses_loops);
}

void ServerEnd::begin_joining(bool uses_loops) {
  using Threads = EndingServer::Threads;
  const bool loops_run = uses_loops && !pool_.loop(0).io().stopped();
  const Threads threads = server_.own_threads();
  if (!loops_run && threads != Threads::kThisOne) {
    join();
  } else if (threads != Threads::kNone) {
    join_elsewhere();
  } else {
    // Not from here: a session may be in the middle of closing.
    pool_.loop(0).post([this, alive = keep_alive()] { join(); });
  }
}

void ServerEnd::join_elsewhere() {
  try {
    helper_ = base::KeptThread([this] { join(); });
    return;
  } catch (const std::system_error&) {
    // No thread is left.
  }
  join();
}

void ServerEnd::join() {
  server_.release();
  {
    Lock lock(mutex_);
    step_ = Step::kReleasing;
    if (!uses_loops_) {
      finish(std::move(lock));
      return;
    }
    tasks_ += pool_.size();
  }
  // Behind all that the workers and the sessions have left on the loops.
  for (std::size_t i = 0; i < pool_.size(); ++i) run_on(pool_.loop(i), [] {});
}

void ServerEnd::finish(Lock lock) {
  std::vector<UniqueFunction<void()>> told = std::exchange(at_end_, {});
  Loop& loop = pool_.loop(0);
  if (!loop.io().stopped()) {
    // Before anybody learns of the end, who may destroy the pool then.
    for (UniqueFunction<void()>& done : told) {
      loop.post([this, alive = keep_alive(), done = std::move(done)]() mutable { tell_end(done); });
    }
    told.clear();
  }
  step_ = Step::kStopped;
  changed_.notify_all();
  lock.unlock();
  for (UniqueFunction<void()>& done : told) tell_end(done);
}

void ServerEnd::tell_end(UniqueFunction<void()>& done) noexcept {
  try {
    UniqueFunction<void()> last = std::move(done);
    if (last) last();
  } catch (const std::exception& thrown) {
    log_.exception("what async_stop() was given", thrown.what());
  } catch (...) {
    log_.unknown_exception("what async_stop() was given");
  }
}

}  // namespace tern::serve
