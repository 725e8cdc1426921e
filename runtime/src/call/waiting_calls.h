// The calls of a channel that wait for a session.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "call/started_call.h"
#include "call/taken_calls.h"
#include "call/waiting_call.h"
#include "net/loop.h"
#include "tern/limits.h"
#include "tern/metadata.h"
#include "tern/status.h"

namespace tern::call {

// Threads: any, one at a time: a channel keeps them Guarded.
class WaitingCalls {
 public:
  // `limits` and `address`, which is for messages, outlive this.
  WaitingCalls(Loop& loop, const Limits& limits, const std::string& address,
               std::function<void(std::uint64_t)> on_deadline);

  // Those that were sent and have not ended, which the limits count, too.
  struct Sent {
    std::size_t calls = 0;
    std::size_t streams = 0;  // beside them
  };
  // Takes `started` only if it succeeds. `argument` may be null for a stream.
  Status keep(std::uint64_t id, StartedCall& started, const void* argument,
              const Metadata& metadata, bool wait_for_ready, Sent sent);
  // On the loop's thread, as what takes calls out.
  void start_deadlines();
  // Null if it is not there.
  std::unique_ptr<WaitingCall> take(std::uint64_t id) noexcept;
  // In the order of their ids: those that can go with a handshake that is not answered, which no
  // stream can; those that do not wait for a second attempt to connect; or all.
  TakenCalls take_early();
  TakenCalls take_fail_fast();
  TakenCalls take_all();

  std::size_t size() const noexcept { return calls_.size(); }
  // How many of them are streams.
  std::size_t streams() const noexcept { return streams_; }
  std::size_t timers() const noexcept { return timers_; }

 private:
  using Calls = std::map<std::uint64_t, std::unique_ptr<WaitingCall>>;

  Status over_limit(const Method& method, bool is_stream, Sent sent) const;
  template <typename Choose>
  TakenCalls take_if(Choose choose);
  std::unique_ptr<WaitingCall> take(Calls::iterator place) noexcept;

  Loop& loop_;
  const Limits& limits_;
  const std::string& address_;
  std::function<void(std::uint64_t)> on_deadline_;
  Calls calls_;
  std::size_t streams_ = 0;
  std::uint64_t watched_up_to_ = 0;  // ids ascend: those above it are new
  std::size_t timers_ = 0;
};

}  // namespace tern::call
