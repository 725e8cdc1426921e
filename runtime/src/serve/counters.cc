#include "serve/counters.h"

#include <algorithm>

namespace tern::serve {

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

MethodTotals total_of(const std::vector<const Counters*>& loops, std::size_t method) {
  MethodTotals totals;
  for (const Counters* loop : loops) {
    const MethodCounters& counters = loop->methods[method];
    // Finished before started: calls that go on in the meantime are then counted as running.
    totals.finished += counters.finished.get();
    totals.started += counters.started.get();
    totals.messages_in += counters.messages_in.get();
    totals.messages_out += counters.messages_out.get();
    for (std::size_t code = 0; code < base::kCodes; ++code) {
      std::uint64_t ended = counters.ended[code].get();
      totals.errors_by_code[code] += ended;
      totals.errors += ended;
    }
    totals.total += std::chrono::nanoseconds(counters.total_nanoseconds.get());
    totals.max = std::max(totals.max, std::chrono::nanoseconds(counters.max_nanoseconds.get()));
  }
  return totals;
}

Latencies::Latencies(const std::vector<const Counters*>& loops, std::size_t method) {
  for (const Counters* loop : loops) loop->methods[method].latency.add_to(buckets_);
  for (std::uint64_t bucket : buckets_) count_ += bucket;
}

std::chrono::nanoseconds Latencies::quantile(double share) const noexcept {
  if (count_ == 0) return {};
  auto rank = static_cast<std::uint64_t>(share * static_cast<double>(count_ - 1));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen > rank) return LatencyHistogram::value_of(i);
  }
  return LatencyHistogram::value_of(buckets_.size() - 1);
}

std::uint64_t Latencies::between(std::uint64_t from, std::uint64_t to) const noexcept {
  std::uint64_t count = 0;
  std::size_t end = LatencyHistogram::bucket_of(to);
  for (std::size_t i = LatencyHistogram::bucket_of(from); i < end; ++i) count += buckets_[i];
  return count;
}

}  // namespace tern::serve
