// Counts a cluster's calls and their attempts, and says when there are too many.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "cluster/retry_budget.h"
#include "cluster/subchannel.h"
#include "tern/clock.h"
#include "tern/cluster.h"
#include "tern/status.h"

namespace tern::cluster {

// Threads: any.
class Counters {
 public:
  explicit Counters(const ClusterOptions& options)
      : max_calls_(options.max_calls),
        budget_(options.retry.budget_ratio, options.retry.budget_per_second) {}

  // Counts the call. Fails if there are too many: then call_ended() must not be called.
  Status call_started(Clock::TimePoint now) {
    if (max_calls_ > 0) return call_started_within_limit(now);
    budget_.call_started(now);
    return {};
  }
  void call_ended() noexcept { ended_.fetch_add(1, std::memory_order_release); }

  void attempt_started(Subchannel& server, bool retry, bool hedge) noexcept {
    server.load->call_started();
    if (retry) retries_.fetch_add(1, std::memory_order_relaxed);
    if (hedge) hedges_.fetch_add(1, std::memory_order_relaxed);
  }
  void attempt_not_sent(Subchannel& server, bool retry, bool hedge) noexcept {
    server.unsent.fetch_add(1, std::memory_order_relaxed);
    if (retry) retries_.fetch_sub(1, std::memory_order_relaxed);
    if (hedge) hedges_.fetch_sub(1, std::memory_order_relaxed);
  }

  // Whether the budget has one more attempt, which is then spent.
  bool spend(Clock::TimePoint now) {
    if (budget_.spend(now)) return true;
    over_budget_.fetch_add(1, std::memory_order_relaxed);
    return false;
  }

  void add_to(ClusterStats& stats) const;

 private:
  Status call_started_within_limit(Clock::TimePoint now);

  const std::size_t max_calls_;
  RetryBudget budget_;                      // counts the calls, too
  std::atomic<std::uint64_t> refused_ = 0;  // calls, since there were too many
  std::atomic<std::uint64_t> ended_ = 0;    // the others
  std::atomic<std::uint64_t> retries_ = 0;
  std::atomic<std::uint64_t> hedges_ = 0;
  std::atomic<std::uint64_t> over_budget_ = 0;
};

}  // namespace tern::cluster
