#include "serve/loop_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

#include "base/duration_text.h"
#include "net/loop.h"

namespace tern::serve {

namespace {

// How often a loop is asked.
constexpr std::chrono::milliseconds kInterval{250};

}  // namespace

// Lives as long as the task that it has on its loop.
struct LoopWatch::Watched {
  explicit Watched(Loop* one) : loop(one) {}

  std::chrono::nanoseconds lag_at(Clock::TimePoint now) const {
    return asked ? std::max<std::chrono::nanoseconds>(last, now - *asked) : last;
  }

  Loop* const loop;

  mutable std::mutex mutex;  // guards the following
  std::optional<Clock::TimePoint> asked;
  std::chrono::nanoseconds last{0};
  bool has_run = false;  // a loop of the user's may not have been started yet
  bool reported = false;
};

LoopWatch::LoopWatch(std::vector<Loop*> loops, Clock& clock, Rules rules)
    : clock_(clock), rules_(std::move(rules)) {
  for (Loop* loop : loops) loops_.push_back(std::make_shared<Watched>(loop));
}

LoopWatch::~LoopWatch() {
  stop();
}

void LoopWatch::start() {
  std::lock_guard lock(mutex_);
  if (!clock_.runs() || rules_.limit.count() <= 0 || ending_ || thread_.joinable()) return;
  try {
    thread_ = std::thread([this] { run(); });
  } catch (const std::system_error&) {
    // No thread is left: nobody looks, and the server serves all the same.
  }
}

void LoopWatch::stop() {
  std::thread thread;
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
    thread.swap(thread_);
    ends_.notify_all();
  }
  if (thread.joinable()) thread.join();
}

bool LoopWatch::has_thread() const {
  std::lock_guard lock(mutex_);
  return thread_.joinable();
}

void LoopWatch::run() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    lock.unlock();
    check();
    lock.lock();
    ends_.wait_for(lock, kInterval, [this] { return ending_; });
  }
}

void LoopWatch::check() {
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    const std::shared_ptr<Watched>& watched = loops_[i];
    if (watched->loop->io().stopped()) continue;
    std::chrono::nanoseconds waited{0};
    {
      std::lock_guard lock(watched->mutex);
      Clock::TimePoint now = clock_.now();
      if (!watched->asked) {
        watched->asked = now;
        watched->reported = false;
        watched->loop->post([watched, &clock = clock_] {
          std::lock_guard answer(watched->mutex);
          watched->last = clock.now() - *watched->asked;
          watched->asked.reset();
          watched->has_run = true;
        });
        continue;
      }
      waited = now - *watched->asked;
      if (waited < rules_.limit || watched->reported || !watched->has_run) continue;
      watched->reported = true;
    }
    auto whole = std::chrono::duration_cast<std::chrono::milliseconds>(waited);
    rules_.report(fmt::format("tern: loop {} has been blocked for {} {}", i,
                              base::duration_text(whole), rules_.occupant(i)));
  }
}

std::chrono::nanoseconds LoopWatch::lag(std::size_t loop) const {
  std::lock_guard lock(loops_[loop]->mutex);
  return loops_[loop]->lag_at(clock_.now());
}

}  // namespace tern::serve
