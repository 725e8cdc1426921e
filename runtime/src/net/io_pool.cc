#include "tern/io_pool.h"

#include <algorithm>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <new>
#include <thread>
#include <utility>

#include "net/loop.h"
#include "net/threaded_resolver.h"

namespace tern {

namespace {

// Tasks that are run when the threads have ended, at most: a connection that nobody has closed may
// never be done.
constexpr int kLastTasks = 10'000;

// Where memory runs out, what a task was about fails, or ends at its deadline; the loop goes on.
void run_all_tasks(asio::io_context& io) {
  for (;;) {
    try {
      io.run();
      return;
    } catch (const std::bad_alloc&) {
      // The task is gone.
    }
  }
}

void run_last_tasks(asio::io_context& io) {
  io.restart();
  for (int i = 0; i < kLastTasks && io.poll_one() > 0; ++i) {
  }
  io.stop();
}

// Puts the system's resolver into `names`, and returns what closes it.
std::shared_ptr<void> own_resolver(std::shared_ptr<NameResolver>& names) {
  auto own = std::make_shared<net::ThreadedResolver>();
  names = own;
  return std::shared_ptr<void>(nullptr, [own = std::move(own)](void*) { own->close(); });
}

}  // namespace

struct IoPool::Threads {
  struct Thread {
    std::shared_ptr<asio::io_context> io = std::make_shared<asio::io_context>(1);
    asio::executor_work_guard<asio::io_context::executor_type> work{io->get_executor()};
    std::thread thread;
  };
  std::vector<std::unique_ptr<Thread>> all;
};

IoPool::IoPool(std::size_t threads, Clock& clock, std::shared_ptr<NameResolver> names)
    : clock_(clock), names_(std::move(names)), threads_(std::make_unique<Threads>()) {
  if (!names_) closes_names_ = own_resolver(names_);
  for (std::size_t i = 0; i < std::max<std::size_t>(threads, 1); ++i) {
    auto& one = threads_->all.emplace_back(std::make_unique<Threads::Thread>());
    // What was never run refers to the loop, and goes before it.
    auto destroy = [io = one->io](Loop* loop) mutable {
      loop->end();
      io.reset();
      delete loop;
    };
    loops_.emplace_back(new Loop(*one->io, clock_, names_), std::move(destroy));
  }
  for (auto& one : threads_->all) {
    one->thread = std::thread([&io = *one->io] {
      LoopScope scope;
      run_all_tasks(io);
    });
  }
}

IoPool::IoPool(asio::io_context& io, Clock& clock, std::shared_ptr<NameResolver> names)
    : clock_(clock), names_(std::move(names)) {
  if (!names_) closes_names_ = own_resolver(names_);
  loops_.push_back(std::make_shared<Loop>(io, clock_, names_));
}

IoPool::~IoPool() {
  closes_names_.reset();
  for (auto& loop : loops_) loop->leave_clock();
  if (!threads_) {
    for (auto& loop : loops_) {
      if (loop->in_this_thread() || loop->io().stopped()) loop->end();
      // What is queued refers to the loop, which goes with it.
      asio::post(loop->io(), [loop] { loop->end(); });
    }
    return;
  }
  for (auto& one : threads_->all) one->work.reset();
  for (auto& one : threads_->all) {
    one->io->stop();
    one->thread.join();
  }
  // In place of the threads: first what was left to them, then what follows from the end.
  LoopScope scope;
  for (auto& one : threads_->all) run_last_tasks(*one->io);
  for (auto& loop : loops_) loop->end();
  for (auto& one : threads_->all) run_last_tasks(*one->io);
  threads_.reset();
}

Loop& IoPool::next() noexcept {
  std::size_t index = next_.fetch_add(1, std::memory_order_relaxed);
  return *loops_[index % loops_.size()];
}

}  // namespace tern
