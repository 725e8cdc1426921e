// The threads that a server has beside its pool's.
#pragma once

#include <algorithm>
#include <asio/any_io_executor.hpp>
#include <asio/post.hpp>
#include <asio/thread_pool.hpp>
#include <cstddef>
#include <memory>
#include <utility>

#include "tern/function.h"

namespace tern::serve {

// Each is made when it is first needed. Threads: one at a time, but for join().
class OwnThreads {
 public:
  // For work that blocks; `count` of them at least one.
  asio::any_io_executor workers(std::size_t count) {
    if (!workers_) workers_ = std::make_unique<asio::thread_pool>(std::max<std::size_t>(count, 1));
    return workers_->get_executor();
  }
  // Handlers may hold up every worker, and then a page is wanted most.
  void run_for_page(UniqueFunction<void()> task) {
    if (!page_maker_) page_maker_ = std::make_unique<asio::thread_pool>(1);
    asio::post(*page_maker_, std::move(task));
  }

  bool any() const noexcept { return workers_ || page_maker_; }
  // Whether this thread is a worker.
  bool on_worker() const { return workers_ && workers_->get_executor().running_in_this_thread(); }
  // Waits until they have done what they were given. When nothing more is given to them.
  void join() {
    if (workers_) workers_->join();
    if (page_maker_) page_maker_->join();
  }

 private:
  std::unique_ptr<asio::thread_pool> workers_;
  std::unique_ptr<asio::thread_pool> page_maker_;  // since the first page
};

}  // namespace tern::serve
