// The calls of a channel that wait for a session.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/timer_queue.h"
#include "call/request_queue.h"
#include "call/started_call.h"
#include "net/loop.h"
#include "tern/limits.h"
#include "tern/metadata.h"
#include "tern/status.h"

namespace tern::call {

// One of them. The argument is a copy, since the caller's is gone when start() has returned; it is
// encoded when there is a connection that says how.
class WaitingCall {
 public:
  WaitingCall(const TypeOps& type, const void* argument, const Metadata& metadata,
              bool wait_for_ready);
  WaitingCall(const WaitingCall&) = delete;
  WaitingCall& operator=(const WaitingCall&) = delete;
  ~WaitingCall();

  StartedCall started;  // set by WaitingCalls
  const void* argument() const noexcept { return argument_; }
  const Metadata& metadata() const noexcept { return metadata_; }
  bool wait_for_ready() const noexcept { return wait_for_ready_; }

 private:
  friend class WaitingCalls;
  const TypeOps& type_;
  void* argument_ = nullptr;
  Metadata metadata_;
  bool wait_for_ready_;
  bool watched_ = false;
  base::Timer deadline_;
};

// Threads: any, one at a time: a channel keeps them Guarded.
class WaitingCalls {
 public:
  struct Entry {
    std::uint64_t id = 0;
    std::unique_ptr<WaitingCall> call;
    Status failure = {};  // after send(): why it has not been sent
  };

  // `limits` and `address`, which is for messages, outlive this.
  WaitingCalls(Loop& loop, const Limits& limits, const std::string& address,
               std::function<void(std::uint64_t)> on_deadline);

  // Takes `started` only if it succeeds. `sent`: how many calls wait for a reply, which the limit
  // of calls in flight counts, too.
  Status keep(std::uint64_t id, StartedCall& started, const void* argument,
              const Metadata& metadata, bool wait_for_ready, std::size_t sent);
  // On the loop's thread, as what takes calls out.
  void start_deadlines();
  // Null if it is not there.
  std::unique_ptr<WaitingCall> take(std::uint64_t id) noexcept;
  // Those that any connection is good enough for, or all, in the order of their ids.
  std::vector<Entry> take_fail_fast();
  std::vector<Entry> take_all();
  // Queues calls that were taken out. Those that cannot go have a failure then: they are to be
  // finished, without the lock.
  void send(std::vector<Entry>& calls, RequestQueue& queue) const noexcept;

  std::size_t size() const noexcept { return calls_.size(); }
  std::size_t timers() const noexcept { return timers_; }

 private:
  using Calls = std::map<std::uint64_t, std::unique_ptr<WaitingCall>>;

  Status send(Entry& taken, RequestQueue& queue) const;
  std::unique_ptr<WaitingCall> take(Calls::iterator place) noexcept;

  Loop& loop_;
  const Limits& limits_;
  const std::string& address_;
  std::function<void(std::uint64_t)> on_deadline_;
  Calls calls_;
  std::uint64_t watched_up_to_ = 0;  // ids ascend: those above it are new
  std::size_t timers_ = 0;
};

}  // namespace tern::call
