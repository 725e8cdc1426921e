#include "serve/running_calls.h"

#include <utility>

#include "serve/session_call.h"

namespace tern::serve {

// Clients count their ids up, or take them at random: both spread well in the low bits.
std::size_t RunningCalls::bucket_of(std::uint64_t id) const noexcept {
  return static_cast<std::size_t>(id) & (buckets_.size() - 1);
}

SessionCall* RunningCalls::look_up(std::uint64_t id) const noexcept {
  SessionCall* call = buckets_[bucket_of(id)];
  while (call && call->id_ != id) call = call->next_;
  return call;
}

void RunningCalls::insert(SessionCall& call) {
  if (size_ == buckets_.size()) grow();
  SessionCall*& bucket = buckets_[bucket_of(call.id_)];
  call.next_ = std::exchange(bucket, &call);
  ++size_;
}

void RunningCalls::remove(SessionCall& call) noexcept {
  if (size_ == 0) return;
  SessionCall** at = &buckets_[bucket_of(call.id_)];
  while (*at && *at != &call) at = &(*at)->next_;
  if (!*at) return;
  *at = std::exchange(call.next_, nullptr);
  --size_;
}

SessionCall* RunningCalls::next(std::size_t& bucket) const noexcept {
  while (bucket < buckets_.size() && !buckets_[bucket]) ++bucket;
  return bucket < buckets_.size() ? buckets_[bucket] : nullptr;
}

void RunningCalls::add_waiting_for_drain(std::vector<SessionCall*>& calls) const {
  for (SessionCall* call : buckets_) {
    for (; call; call = call->next_) {
      if (!call->waits_for_drain()) continue;
      calls.push_back(call);
      call->retain();
    }
  }
}

void RunningCalls::grow() {
  std::vector<SessionCall*> old(buckets_.empty() ? kFirstBuckets : buckets_.size() * 2);
  old.swap(buckets_);
  for (SessionCall* call : old) {
    while (call) {
      SessionCall* next = call->next_;
      SessionCall*& bucket = buckets_[bucket_of(call->id_)];
      call->next_ = std::exchange(bucket, call);
      call = next;
    }
  }
}

}  // namespace tern::serve
