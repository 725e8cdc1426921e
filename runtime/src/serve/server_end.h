// How a server ends: step by step, each taken by whoever was the last that it waited for.
#pragma once

#include <asio/any_io_executor.hpp>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "base/kept_thread.h"
#include "serve/before_stop.h"
#include "serve/counted_executor.h"
#include "serve/server_log.h"
#include "tern/function.h"
#include "tern/io_pool.h"

namespace tern::serve {

// The server that ends. Called without the lock.
class EndingServer {
 public:
  // The threads that the server has of its own.
  enum class Threads : std::uint8_t { kNone, kOthers, kThisOne };

  // Ends what brings connections, at once, and what runs, after `drain`: as tasks of the end.
  // Again, to hasten it.
  virtual void begin_stop(std::chrono::nanoseconds drain) = 0;
  // Once no more of them are made.
  virtual Threads own_threads() const = 0;
  // Waits for these threads, and lets go of what needs the loops to end.
  virtual void release() = 0;
  // Keeps the server, and its end with it, alive.
  virtual std::shared_ptr<void> keep_alive() noexcept = 0;

 protected:
  ~EndingServer() = default;
};

// Counts what a server has to wait for: sessions; and tasks, which are what it has given to loops
// to end, and to executors of the user's. Each step begins when nothing is left of the one before.
// Threads: any. Where a lock is given, it holds the server's mutex.
class ServerEnd final : public TaskCounter, private BeforeStopUser {
 public:
  using Lock = std::unique_lock<std::mutex>;

  // `blocking_executor`: the user's; empty: there is none.
  ServerEnd(IoPool& pool, asio::any_io_executor blocking_executor, std::mutex& mutex,
            ServerLog& log, EndingServer& server);
  ServerEnd(const ServerEnd&) = delete;
  ServerEnd& operator=(const ServerEnd&) = delete;
  // While all that the server has is still there.
  ~ServerEnd();

  // What is done before anything ends.
  BeforeStop& before() noexcept { return before_; }

  // See Server. stop() and wait() block until the end.
  void stop(std::chrono::nanoseconds drain);
  void async_stop(std::chrono::nanoseconds drain, UniqueFunction<void()> done);
  void wait();

  // --- How far it is ---

  bool begun(const Lock& /*lock*/) const noexcept { return step_ >= Step::kStopping; }
  // Sessions end: nothing new begins but sessions that are told so.
  bool draining(const Lock& /*lock*/) const noexcept { return step_ == Step::kStopping; }
  // There is no place any more for sessions or threads.
  bool closed(const Lock& /*lock*/) const noexcept { return step_ > Step::kStopping; }
  // Without the lock.
  bool stopped() const;

  // --- What it waits for ---

  // Something goes to the loops: before that they need not even run.
  void use_loops(const Lock& /*lock*/) noexcept { uses_loops_ = true; }
  // False once there is no place for it.
  bool session_opened();
  void session_closed();
  void count_tasks(const Lock& /*lock*/, std::size_t more) noexcept { tasks_ += more; }
  // Runs `task` on the loop, or here if the loop has been stopped; it has been counted.
  void run_on(Loop& loop, UniqueFunction<void()> task);
  // Runs on an executor of the user's; counted while it is there.
  asio::any_io_executor counted(const asio::any_io_executor& executor);

 private:
  enum class Step : std::uint8_t {
    kNotBegun,
    kStopping,   // sessions end, and nothing new begins but sessions that are told so
    kClosed,     // all have ended; a thread in stop() goes on from here
    kJoining,    // the server's own threads end
    kReleasing,  // what all of them have left on the loops runs
    kStopped
  };

  void task_begins() noexcept override;
  void task_ends() noexcept override;

  std::shared_ptr<void> keep_alive() noexcept override { return server_.keep_alive(); }
  asio::any_io_executor blocking_executor() override;
  // Begins to stop; a second call can shorten the time.
  void begin(std::chrono::nanoseconds drain) override;

  // With the mutex held by `lock`: takes the next step if nothing is left to wait for.
  void go_on(Lock lock);
  // In kJoining, which one thread at a time has brought about: joins on this thread, or on another
  // one so that a loop need not wait.
  void begin_joining(bool uses_loops);
  void join();
  // On a thread of its own; on this one if none is left.
  void join_elsewhere();
  // With the mutex held by `lock`: that was the last step.
  void finish(Lock lock);
  void tell_end(UniqueFunction<void()>& done) noexcept;

  IoPool& pool_;
  const asio::any_io_executor blocking_executor_;
  ServerLog& log_;
  EndingServer& server_;
  BeforeStop before_;

  std::mutex& mutex_;  // the server's; guards the following
  std::condition_variable changed_;
  Step step_ = Step::kNotBegun;
  bool uses_loops_ = false;
  std::size_t sessions_ = 0;
  std::size_t tasks_ = 0;
  std::size_t stoppers_ = 0;                    // threads that are in stop()
  std::vector<UniqueFunction<void()>> at_end_;  // what async_stop() was given
  base::KeptThread helper_;                     // waits where async_stop() may not
};

}  // namespace tern::serve
