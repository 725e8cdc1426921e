#include "cluster/cluster_counters.h"

#include <fmt/format.h>

namespace tern::cluster {

Status Counters::call_started_within_limit(Clock::TimePoint now) {
  const std::uint64_t ended = ended_.load(std::memory_order_acquire);
  const std::uint64_t running = budget_.call_started(now) - ended;
  if (running < max_calls_) return {};
  budget_.call_refused();
  refused_.fetch_add(1, std::memory_order_relaxed);
  return Status(Code::kResourceExhausted,
                fmt::format("{} calls are running; the limit is {}", running, max_calls_),
                HandlerRan::kNo);
}

void Counters::add_to(ClusterStats& stats) const {
  // In this order: none ends that has not been seen to start.
  const std::uint64_t ended = ended_.load(std::memory_order_acquire);
  const std::uint64_t started = budget_.calls();
  stats.calls = started + refused_.load(std::memory_order_relaxed);
  stats.retries = retries_.load(std::memory_order_relaxed);
  stats.hedges = hedges_.load(std::memory_order_relaxed);
  stats.over_budget = over_budget_.load(std::memory_order_relaxed);
  stats.calls_pending = started - ended;
}

}  // namespace tern::cluster
