// An executor of the user's, on which a server counts what it has given to it.
#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/execution.hpp>
#include <asio/execution_context.hpp>
#include <memory>
#include <utility>

#include "tern/function.h"

namespace tern::serve {

// Told of each task, from its being given to its end. Threads: any.
class TaskCounter {
 public:
  virtual void task_begins() noexcept = 0;
  // It has run, or been destroyed without that.
  virtual void task_ends() noexcept = 0;

 protected:
  ~TaskCounter() = default;
};

// True on a thread that runs a task which `counter` counts.
bool runs_task_of(const TaskCounter& counter) noexcept;

// A task on its way through an executor.
class CountedTask {
 public:
  CountedTask(std::shared_ptr<TaskCounter> counter, UniqueFunction<void()> work);
  CountedTask(CountedTask&& other) noexcept = default;
  CountedTask& operator=(CountedTask&&) = delete;
  ~CountedTask();

  void operator()();

 private:
  std::shared_ptr<TaskCounter> counter_;  // null once moved from
  UniqueFunction<void()> work_;
};

// Runs on `inner` whatever it is given, later and not from within. What Asio asks of an executor
// that is put into an any_io_executor. Keeps the counter alive.
class CountedExecutor {
 public:
  CountedExecutor(const asio::any_io_executor& inner, std::shared_ptr<TaskCounter> counter)
      : inner_(asio::require(inner, asio::execution::blocking.never)),
        counter_(std::move(counter)) {}

  template <typename F>
  void execute(F&& work) const {
    inner_.execute(CountedTask(counter_, std::forward<F>(work)));
  }

  asio::execution_context& query(asio::execution::context_t /*which*/) const noexcept {
    return asio::query(inner_, asio::execution::context);
  }
  static constexpr asio::execution::blocking_t query(
      asio::execution::blocking_t /*which*/) noexcept {
    return asio::execution::blocking.never;
  }
  CountedExecutor require(asio::execution::blocking_t::never_t /*how*/) const { return *this; }

  bool operator==(const CountedExecutor& other) const noexcept {
    return inner_ == other.inner_ && counter_ == other.counter_;
  }
  bool operator!=(const CountedExecutor& other) const noexcept { return !(*this == other); }

 private:
  asio::any_io_executor inner_;
  std::shared_ptr<TaskCounter> counter_;
};

}  // namespace tern::serve
