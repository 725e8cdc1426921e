#include "tern/io_pool.h"

#include <algorithm>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <thread>

#include "net/loop.h"
#include "net/name_resolver.h"

namespace tern {

struct IoPool::Threads {
  struct One {
    asio::io_context io{1};
    asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
    std::thread thread;
  };
  std::vector<std::unique_ptr<One>> all;
};

IoPool::IoPool(std::size_t threads, Clock& clock)
    : clock_(clock),
      names_(std::make_shared<NameResolver>()),
      threads_(std::make_unique<Threads>()) {
  for (std::size_t i = 0; i < std::max<std::size_t>(threads, 1); ++i) {
    auto& one = threads_->all.emplace_back(std::make_unique<Threads::One>());
    loops_.push_back(std::make_unique<Loop>(one->io, clock_, names_));
  }
  for (auto& one : threads_->all) {
    one->thread = std::thread([&io = one->io] {
      LoopScope scope;
      io.run();
    });
  }
}

IoPool::IoPool(asio::io_context& io, Clock& clock)
    : clock_(clock), names_(std::make_shared<NameResolver>()) {
  loops_.push_back(std::make_unique<Loop>(io, clock_, names_));
}

IoPool::~IoPool() {
  names_->close();
  if (!threads_) return;
  for (auto& one : threads_->all) one->work.reset();
  for (auto& one : threads_->all) {
    one->io.stop();
    one->thread.join();
  }
  // What is still queued goes before the loops that it refers to, and the io_contexts after them.
  loops_.clear();
}

Loop& IoPool::next() noexcept {
  std::size_t index = next_.fetch_add(1, std::memory_order_relaxed);
  return *loops_[index % loops_.size()];
}

}  // namespace tern
