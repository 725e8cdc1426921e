#include "serve/counters.h"

#include <algorithm>

#include "tern/server.h"

namespace tern {

namespace {

// The duration that `share` of all durations do not exceed.
std::chrono::nanoseconds quantile(
    const std::array<std::uint64_t, LatencyHistogram::kBuckets>& buckets, std::uint64_t count,
    double share) {
  if (count == 0) return {};
  auto rank = static_cast<std::uint64_t>(share * static_cast<double>(count - 1));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    seen += buckets[i];
    if (seen > rank) return LatencyHistogram::value_of(i);
  }
  return LatencyHistogram::value_of(buckets.size() - 1);
}

void merge_method(const std::vector<const ServeCounters*>& loops, std::size_t index,
                  MethodStats& stats) {
  std::array<std::uint64_t, LatencyHistogram::kBuckets> buckets{};
  for (const ServeCounters* loop : loops) {
    const MethodCounters& counters = loop->methods[index];
    // Finished before started: calls that go on in the meantime are then counted as running.
    std::uint64_t finished = counters.finished.get();
    std::uint64_t started = counters.started.get();
    stats.calls += started;
    stats.running += started - finished;
    stats.errors += counters.errors.get();
    stats.total += std::chrono::nanoseconds(counters.total_nanoseconds.get());
    stats.max = std::max(stats.max, std::chrono::nanoseconds(counters.max_nanoseconds.get()));
    counters.latency.add_to(buckets);
  }
  std::uint64_t count = 0;
  for (std::uint64_t bucket : buckets) count += bucket;
  stats.p50 = std::min(quantile(buckets, count, 0.5), stats.max);
  stats.p90 = std::min(quantile(buckets, count, 0.9), stats.max);
  stats.p99 = std::min(quantile(buckets, count, 0.99), stats.max);
}

}  // namespace

std::chrono::nanoseconds LatencyHistogram::value_of(std::size_t bucket) noexcept {
  constexpr std::uint64_t kSub = 1u << kSubBits;
  if (bucket < kSub) return std::chrono::nanoseconds(bucket);
  std::uint64_t exponent = (bucket >> kSubBits) - 1;
  std::uint64_t low = (kSub + (bucket & (kSub - 1))) << exponent;
  return std::chrono::nanoseconds(low + (std::uint64_t{1} << exponent) / 2);
}

void LatencyHistogram::add_to(std::array<std::uint64_t, kBuckets>& sum) const noexcept {
  for (std::size_t i = 0; i < kBuckets; ++i) sum[i] += buckets_[i].get();
}

void merge_counters(const std::vector<const ServeCounters*>& loops, ServerStats& stats) {
  for (const ServeCounters* loop : loops) {
    stats.connections += loop->open.get();
    stats.connections_accepted += loop->accepted.get();
    stats.late_replies += loop->late_replies.get();
    stats.unsent_bytes += loop->unsent_bytes.get();
  }
  for (std::size_t i = 0; i < static_cast<std::size_t>(Refusal::kCount); ++i) {
    std::uint64_t count = 0;
    for (const ServeCounters* loop : loops) count += loop->refused[i].get();
    if (count > 0) stats.refused.emplace_back(refusal_name(static_cast<Refusal>(i)), count);
  }
  for (std::size_t i = 0; i < stats.methods.size(); ++i) {
    merge_method(loops, i, stats.methods[i]);
    stats.calls_running += stats.methods[i].running;
  }
}

}  // namespace tern
