// Calls of a channel that wait no more: they go to a session, or end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "call/request_queue.h"
#include "call/waiting_call.h"
#include "net/loop.h"
#include "tern/status.h"

namespace tern::call {

// In the order of their ids. The owner sends or finishes them. Threads: one at a time.
class TakenCalls {
 public:
  // `room`: for so many.
  explicit TakenCalls(std::size_t room) { calls_.reserve(room); }

  bool empty() const noexcept { return calls_.empty(); }
  // If there is room.
  void add(std::uint64_t id, std::unique_ptr<WaitingCall> call) noexcept {
    calls_.push_back({id, std::move(call), Status()});
  }

  // Queues all, with the queue's lock. finish_unsent() must follow, without it. `address` is for
  // messages.
  void send(RequestQueue& queue, Loop& loop, const std::string& address) noexcept;
  // Ends those that could not be sent.
  void finish_unsent();
  // Ends all; none was sent. `why`: its outcome for each StartedCall.
  template <typename Why>
  void finish(Why why) {
    for (Entry& taken : calls_) taken.call->started.finish(why(taken.call->started));
  }

 private:
  struct Entry {
    std::uint64_t id = 0;
    std::unique_ptr<WaitingCall> call;
    Status failure;  // why it could not be sent
  };

  static Status send(Entry& taken, RequestQueue& queue, Loop& loop, const std::string& address);

  std::vector<Entry> calls_;
};

}  // namespace tern::call
