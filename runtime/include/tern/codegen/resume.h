// How who has waited goes on: also where there is no memory for it.
#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/associated_cancellation_slot.hpp>
#include <asio/associated_executor.hpp>
#include <asio/dispatch.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <atomic>
#include <memory>
#include <new>
#include <thread>
#include <utility>

#include "tern/version.h"

namespace tern {

// Whether this thread runs what is given to `executor`, so that it needs no telling. False if that
// cannot be seen.
template <typename Executor>
bool runs_here(const Executor&) noexcept {
  return false;
}
inline bool runs_here(const asio::io_context::executor_type& executor) noexcept {
  return executor.running_in_this_thread();
}
inline bool runs_here(const asio::any_io_executor& executor) noexcept {
  const auto* io = executor.target<asio::io_context::executor_type>();
  return io && io->running_in_this_thread();
}

// The handler of one wait, made before that begins: what its end needs is in here. It runs once,
// through its associated executor, or through one like `Fallback` if it has none.
// Asio ends the process if a coroutine's wait throws as it begins, and loses the coroutine if it
// throws as it ends: memory is needed here for neither.
template <typename Handler, typename Fallback>
class Waiting : public std::enable_shared_from_this<Waiting<Handler, Fallback>> {
 public:
  template <typename H>
  Waiting(H&& handler, const Fallback& fallback)
      : guard_(asio::make_work_guard(asio::get_associated_executor(handler, fallback))),
        handler_(std::forward<H>(handler)) {}

  // Runs `stop` if the handler's slot is cancelled before it runs. Throws std::bad_alloc.
  template <typename F>
  void on_cancel(F stop) {
    auto slot = asio::get_associated_cancellation_slot(handler_);
    if (slot.is_connected()) {
      slot.assign([stop = std::move(stop)](asio::cancellation_type) { stop(); });
    }
  }

  // Has `give` called with the handler, where that belongs: within this call if that is here. On
  // another thread it begins behind this call, since its io_context may be destroyed once it has
  // run. Throws what the handler throws.
  template <typename Give>
  void resume(Give give) {
    const auto where = guard_.get_executor();
    if (runs_here(where)) return run(give);
    // Without memory nothing reaches the other thread: it is tried until there is some.
    while (!hand_over(where, give)) std::this_thread::yield();
    set_given();
  }
  // The same, and not within this call; but here if there is no memory.
  template <typename Give>
  void resume_later(Give give) {
    try {
      asio::post(guard_.get_executor(), on_its_thread(give));
    } catch (const std::bad_alloc&) {
      return run(give);
    }
    set_given();
  }
  // The same, here and now.
  template <typename Give>
  void run(const Give& give) {
    begun_ = true;
    // They go with the handler: see resume().
    auto guard = std::move(guard_);
    Handler handler = std::move(handler_);
    auto slot = asio::get_associated_cancellation_slot(handler);
    if (slot.is_connected()) slot.clear();
    give(std::move(handler));
  }

 private:
  using Executor = asio::associated_executor_t<Handler, Fallback>;

  template <typename Give>
  auto on_its_thread(const Give& give) {
    return [self = this->shared_from_this(), give, giver = std::this_thread::get_id()] {
      if (std::this_thread::get_id() != giver) self->given_.wait(false, std::memory_order_acquire);
      self->run(give);
    };
  }
  template <typename Give>
  bool hand_over(const Executor& where, const Give& give) {
    try {
      asio::dispatch(where, on_its_thread(give));
    } catch (const std::bad_alloc&) {
      if (begun_) throw;  // here, since an executor may do so: it is the handler's own
      return false;
    }
    return true;
  }
  void set_given() noexcept {
    given_.store(true, std::memory_order_release);
    given_.notify_all();
  }

  asio::executor_work_guard<Executor> guard_;
  Handler handler_;
  std::atomic<bool> given_ = false;
  bool begun_ = false;
};

}  // namespace tern
