// The threads that connections live on.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "tern/clock.h"

namespace asio {
class io_context;
}

namespace tern {

class Loop;
class NameResolver;

// A number of event loops, one thread each; or one loop on an io_context that the user runs. A
// connection lives on one of them for life. Any number of servers and clients can share it.
// Threads: any.
class IoPool {
 public:
  // Starts `threads` threads, at least one. The clock outlives the pool. `names` looks up the names
  // of hosts (tern/name_resolver.h); null: the system does, on at most 8 threads beside the loops,
  // which only the end of the process waits for.
  explicit IoPool(std::size_t threads = 1, Clock& clock = steady_clock(),
                  std::shared_ptr<NameResolver> names = nullptr);
  // Uses `io`, which the user runs, on one thread, for longer than the pool lives.
  explicit IoPool(asio::io_context& io, Clock& clock = steady_clock(),
                  std::shared_ptr<NameResolver> names = nullptr);
  IoPool(const IoPool&) = delete;
  IoPool& operator=(const IoPool&) = delete;
  // Runs what is queued on the loops, and stops its own threads. Close what lives on the loops
  // first. Calls of clients that are left fail, now and later, with kFailedPrecondition: those
  // whose requests had not been sent with kNo. Does not wait for look-ups of names.
  ~IoPool();

  // False on an io_context that the user runs.
  bool has_threads() const noexcept { return threads_ != nullptr; }
  std::size_t size() const noexcept { return loops_.size(); }
  Loop& loop(std::size_t index) noexcept { return *loops_[index]; }
  // The loop for the next connection: round robin.
  Loop& next() noexcept;
  Clock& clock() const noexcept { return clock_; }

 private:
  struct Threads;

  Clock& clock_;
  std::shared_ptr<NameResolver> names_;
  std::shared_ptr<void> closes_names_;  // when it goes; null: they are the user's
  std::unique_ptr<Threads> threads_;
  std::vector<std::shared_ptr<Loop>> loops_;
  std::atomic<std::size_t> next_ = 0;
};

}  // namespace tern
