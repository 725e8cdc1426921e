// Which calls of a session wait for their reply.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tern::serve {

class SessionCall;

// By the peer's id. Calls whose ids fall together are chained; the limit of calls in flight bounds
// the length of a chain.
class RunningCalls {
 public:
  bool empty() const noexcept { return size_ == 0; }
  std::size_t size() const noexcept { return size_; }
  // Null if there is none.
  SessionCall* find(std::uint64_t id) const noexcept { return empty() ? nullptr : look_up(id); }
  void insert(SessionCall& call);
  // Of no effect if it is not in.
  void remove(SessionCall& call) noexcept;
  // Some call that is in, or null: with `bucket` from 0 on, to take them all out one by one.
  SessionCall* next(std::size_t& bucket) const noexcept;
  // Appends the calls that wait for the server to drain, each retained.
  void add_waiting_for_drain(std::vector<SessionCall*>& calls) const;
  // Gives back what many calls have needed; there are none in it.
  void trim() noexcept {
    if (buckets_.size() > kFirstBuckets) std::vector<SessionCall*>().swap(buckets_);
  }

 private:
  static constexpr std::size_t kFirstBuckets = 16;

  SessionCall* look_up(std::uint64_t id) const noexcept;
  std::size_t bucket_of(std::uint64_t id) const noexcept;
  void grow();

  std::vector<SessionCall*> buckets_;  // none, or a power of two
  std::size_t size_ = 0;
};

}  // namespace tern::serve
