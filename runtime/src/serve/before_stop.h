// What a server is given to do before it stops.
#pragma once

#include <asio/any_io_executor.hpp>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "serve/server_log.h"
#include "tern/function.h"

namespace tern::serve {

// Who stops the server then. Called without the lock.
class BeforeStopUser {
 public:
  // Keeps the user alive.
  virtual std::shared_ptr<void> keep_alive() noexcept = 0;
  // The user's executor for work that blocks; empty: there is none.
  virtual asio::any_io_executor blocking_executor() = 0;
  // All is done: the stop that was asked for begins.
  virtual void begin(std::chrono::nanoseconds drain) = 0;

 protected:
  ~BeforeStopUser() = default;
};

// Done once, whoever stops the server first, and the last first. What needs no thread begins
// together; what blocks runs one after the other behind that: on a thread in run(), or on the
// user's executor.
// Threads: any. Where a lock is given, it holds the server's mutex.
class BeforeStop {
 public:
  using Lock = std::unique_lock<std::mutex>;
  // Begins something that calls `done` when it is done.
  using Begin = UniqueFunction<void(UniqueFunction<void()> done)>;

  BeforeStop(std::mutex& mutex, ServerLog& log, BeforeStopUser& user)
      : log_(log), user_(user), mutex_(mutex) {}
  BeforeStop(const BeforeStop&) = delete;
  BeforeStop& operator=(const BeforeStop&) = delete;

  // False once somebody stops the server.
  bool add(UniqueFunction<void()> blocks);
  bool add_async(Begin begin);

  // Blocks until all is done, here or elsewhere.
  void run();

  // --- For a stop that nobody waits for ---

  // Whether somebody stops the server.
  bool asked(const Lock& /*lock*/) const noexcept { return state_ != State::kNotYet; }
  // Whether something has to block.
  bool blocks(const Lock& /*lock*/) const noexcept { return !blocking_.empty(); }
  bool done(const Lock& /*lock*/) const noexcept { return state_ == State::kDone; }
  // A begin() or run() must follow, of this thread or another one.
  void ask(const Lock& lock) noexcept;
  // BeforeStopUser::begin() comes when all is done; of several, with the shortest time.
  void then_stop(const Lock& lock, std::chrono::nanoseconds drain) noexcept;
  // Begins what needs no thread, unless somebody has.
  void begin();

 private:
  enum class State : std::uint8_t {
    kNotYet,
    kAsked,    // somebody is to begin
    kBegun,    // what needs no thread
    kRunning,  // what blocks
    kDone
  };

  void one_is_done();
  // With the mutex held by `lock`: goes on where nobody waits for it.
  void go_on(Lock lock);
  // Runs what blocks, unless somebody else does.
  void run_as_asked();
  void run_blocking(Lock lock);

  ServerLog& log_;
  BeforeStopUser& user_;

  std::mutex& mutex_;  // the server's; guards the following
  std::condition_variable changed_;
  State state_ = State::kNotYet;
  std::vector<UniqueFunction<void()>> blocking_;
  std::vector<Begin> async_;  // does not change while any is not done
  std::size_t not_done_ = 0;  // of async_, and the thread that begins them
  std::optional<std::chrono::nanoseconds> asked_drain_;
};

}  // namespace tern::serve
