// One attempt of a cluster's call, and all of one call's.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "cluster/cluster_node.h"
#include "tern/call_state.h"
#include "tern/clock.h"
#include "tern/type_ops.h"

namespace tern {

// As the client of its server sees it.
class ClusterAttempt final : public CallState {
 public:
  // Replies go where the caller's go, for one attempt at a time; or into a value of its own.
  explicit ClusterAttempt(void* slot) noexcept : CallState(slot) {}
  explicit ClusterAttempt(const TypeOps& type) : CallState(type.create()), own_(&type) {}
  ~ClusterAttempt() override {
    if (own_) own_->destroy(reply_slot());
  }

  // Which comes first: the return of start(), or the end of the attempt. Who is second goes on.
  bool first() noexcept { return !second_.exchange(true, std::memory_order_acq_rel); }
  // Moves an own value to where the caller expects it.
  void hand_over(void* slot) {
    if (own_) own_->move(reply_slot(), slot);
  }

  NodePtr node;
  Clock::TimePoint started{};
  std::uint32_t round = 0;  // of those between which the call has paused

 private:
  friend class ClusterAttempts;

  const TypeOps* own_ = nullptr;
  std::atomic<bool> second_ = false;
  CallRef self_;                        // as long as it is in a list
  ClusterAttempt* previous_ = nullptr;  // in that list
};

// Those that have been started, which only become more. Threads: any.
class ClusterAttempts {
 public:
  ClusterAttempts() = default;
  ClusterAttempts(const ClusterAttempts&) = delete;
  ClusterAttempts& operator=(const ClusterAttempts&) = delete;
  ~ClusterAttempts() {
    for (ClusterAttempt* one = last_.load(); one;) {
      CallRef alive = std::move(one->self_);
      one = one->previous_;
    }
  }

  // Sequentially consistent with every look at the list: of two threads of which one adds and then
  // reads a flag, and the other sets the flag and then looks here, at least one sees the other.
  void add(ClusterAttempt& attempt, CallRef itself) noexcept {
    attempt.self_ = std::move(itself);
    ClusterAttempt* last = last_.load(std::memory_order_relaxed);
    do {
      attempt.previous_ = last;
    } while (!last_.compare_exchange_weak(last, &attempt));
  }

  // All but `but`, which may be null.
  void cancel(const ClusterAttempt* but = nullptr) const noexcept {
    for (ClusterAttempt* one = last_.load(); one; one = one->previous_) {
      if (one != but && !one->done()) one->cancel();
    }
  }

  // Adds the servers' ids of those of one round.
  void add_servers(std::uint32_t round, std::vector<std::uint64_t>& ids) const {
    for (ClusterAttempt* one = last_.load(); one; one = one->previous_) {
      if (one->round == round) ids.push_back(one->node->load->id());
    }
  }

 private:
  std::atomic<ClusterAttempt*> last_ = nullptr;
};

}  // namespace tern
