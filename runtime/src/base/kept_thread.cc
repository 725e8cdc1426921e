#include "base/kept_thread.h"

#include <unistd.h>

#include <cstdlib>
#include <mutex>
#include <utility>
#include <vector>

namespace tern::base {

namespace {

// Those that nobody waits for but the process.
class LeftThreads {
 public:
  struct Entry {
    std::thread thread;
    std::shared_ptr<std::atomic<bool>> over;
  };

  // Never destroyed: threads may be left until the very end.
  static LeftThreads& instance() {
    static auto* const threads = new LeftThreads;
    return *threads;
  }

  void add(Entry one) {
    std::lock_guard lock(mutex_);
    std::erase_if(all_, [](Entry& left) {
      if (!left.over->load(std::memory_order_acquire)) return false;
      left.thread.join();
      return true;
    });
    all_.push_back(std::move(one));
  }

 private:
  LeftThreads() {
    std::atexit([] { instance().join_all(); });
  }

  void join_all() {
    // A child of fork() has the list, and none of the threads.
    if (::getpid() != process_) return;
    std::unique_lock lock(mutex_);
    while (!all_.empty()) {
      Entry one = std::move(all_.back());
      all_.pop_back();
      lock.unlock();
      one.thread.join();
      lock.lock();
    }
  }

  const ::pid_t process_ = ::getpid();
  std::mutex mutex_;  // guards the following
  std::vector<Entry> all_;
};

}  // namespace

KeptThread::KeptThread(UniqueFunction<void()> run) : over_(std::make_shared<std::atomic<bool>>()) {
  thread_ = std::thread([run = std::move(run), over = over_]() mutable {
    run();
    run.reset();
    over->store(true, std::memory_order_release);
  });
}

KeptThread& KeptThread::operator=(KeptThread&& other) noexcept {
  KeptThread before(std::move(*this));
  thread_ = std::move(other.thread_);
  over_ = std::move(other.over_);
  return *this;
}

KeptThread::~KeptThread() {
  if (!thread_.joinable()) return;
  if (thread_.get_id() == std::this_thread::get_id()) {
    leave();
  } else {
    thread_.join();
  }
}

void KeptThread::leave() {
  LeftThreads::instance().add({std::move(thread_), std::move(over_)});
}

}  // namespace tern::base
