// A dialer without a network: what it comes to is the test's choice.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "support/memory_stream.h"
#include "tern/clock.h"
#include "tern/dialer.h"

namespace tern::test {

// Hands out streams in memory, unless it was told to fail or to hang. Threads: any.
class FakeDialer final : public Dialer {
 public:
  std::unique_ptr<Attempt> dial(Loop& loop, const Endpoint& endpoint,
                                std::chrono::nanoseconds timeout, Done done) override;

  // What the next attempts come to, in the order of these calls; after them, all succeed.
  void fail_next(Status why);
  void hang_next();
  // What the client's end of every further stream does.
  void set_faults(StreamFaults faults);

  std::size_t attempts() const;
  // When they were made, on the loop's clock.
  std::vector<Clock::TimePoint> attempt_times() const;
  // Where they led, and the time that they had.
  std::vector<Endpoint> endpoints() const;
  std::vector<std::chrono::nanoseconds> timeouts() const;
  // Attempts that were given up before they came to anything.
  std::size_t given_up() const;

  // The server's and the client's end of the k-th stream, from 0.
  MemoryEnd& server(std::size_t index);
  MemoryEnd& client(std::size_t index);
  std::size_t streams() const;

 private:
  class Dialing;
  struct Plan {
    bool hang = false;
    Status failure;
  };

  mutable std::mutex mutex_;  // guards the following
  std::deque<Plan> plans_;
  StreamFaults faults_;
  std::vector<std::unique_ptr<MemoryLink>> links_;
  std::vector<Clock::TimePoint> times_;
  std::vector<Endpoint> endpoints_;
  std::vector<std::chrono::nanoseconds> timeouts_;
  std::size_t given_up_ = 0;
};

}  // namespace tern::test
