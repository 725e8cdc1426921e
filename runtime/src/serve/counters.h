// What a server counts, loop by loop: written by one thread without locked instructions, read by
// any.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/code_counts.h"
#include "base/loop_counter.h"
#include "serve/refusal.h"
#include "tern/status.h"

namespace tern {
struct Method;
}  // namespace tern

namespace tern::serve {

// Durations in buckets: eight to each doubling, so that a bucket's bounds are at most an eighth
// apart.
class LatencyHistogram {
 public:
  static constexpr int kSubBits = 3;
  // The last bucket begins at about 30 minutes and takes everything above, too.
  static constexpr int kLargestExponent = 40;
  static constexpr std::size_t kBuckets = static_cast<std::size_t>(kLargestExponent - kSubBits + 2)
                                          << kSubBits;

  static constexpr std::size_t bucket_of(std::uint64_t nanoseconds) noexcept {
    constexpr std::uint64_t kSub = 1u << kSubBits;
    if (nanoseconds < kSub) return static_cast<std::size_t>(nanoseconds);
    int exponent = static_cast<int>(std::bit_width(nanoseconds)) - 1;
    if (exponent > kLargestExponent) return kBuckets - 1;
    std::uint64_t sub = (nanoseconds >> (exponent - kSubBits)) - kSub;
    return (static_cast<std::size_t>(exponent - kSubBits + 1) << kSubBits) +
           static_cast<std::size_t>(sub);
  }
  // The middle of a bucket.
  static std::chrono::nanoseconds value_of(std::size_t bucket) noexcept;

  void record(std::uint64_t nanoseconds) noexcept { buckets_[bucket_of(nanoseconds)].add(); }
  void add_to(std::array<std::uint64_t, kBuckets>& sum) const noexcept;

 private:
  std::array<base::LoopCounter, kBuckets> buckets_;
};

// What one method has done on one loop.
struct MethodCounters {
  base::LoopCounter started;
  base::LoopCounter finished;
  base::LoopCounter messages_in;  // of streams, as they come and leave
  base::LoopCounter messages_out;
  std::array<base::LoopCounter, base::kCodes>
      ended;  // the errors, by code; not counted for success
  base::LoopCounter total_nanoseconds;
  base::LoopCounter max_nanoseconds;
  LatencyHistogram latency;

  void finish(std::chrono::nanoseconds took, Code code) noexcept {
    auto nanoseconds = static_cast<std::uint64_t>(took.count() > 0 ? took.count() : 0);
    finished.add();
    if (code != Code::kOk) {
      auto number = static_cast<std::size_t>(code);
      ended[number < base::kCodes ? number : static_cast<std::size_t>(Code::kUnknown)].add();
    }
    total_nanoseconds.add(nanoseconds);
    if (nanoseconds > max_nanoseconds.get()) max_nanoseconds.set(nanoseconds);
    latency.record(nanoseconds);
  }
};

// Everything that one loop of a server counts.
struct Counters {
  explicit Counters(std::size_t method_count) : methods(method_count) {}

  base::LoopCounter accepted;
  base::LoopCounter open;
  base::LoopCounter streams;  // open now
  base::LoopCounter late_frames;
  base::LoopCounter late_replies;
  base::LoopCounter unsent_bytes;
  std::array<base::LoopCounter, static_cast<std::size_t>(Refusal::kCount)> refused;
  std::vector<MethodCounters> methods;  // by Route::index
  // Whose handler runs on the loop just now; null while none does, or in a coroutine that has
  // waited. Written by the loop.
  std::atomic<const Method*> occupant = nullptr;

  void refuse(Refusal reason) noexcept { refused[static_cast<std::size_t>(reason)].add(); }
};

// What the loops have counted of one method, added up.
struct MethodTotals {
  std::uint64_t started = 0;
  std::uint64_t finished = 0;
  std::uint64_t messages_in = 0;
  std::uint64_t messages_out = 0;
  std::uint64_t errors = 0;
  base::CodeCounts errors_by_code{};
  std::chrono::nanoseconds total{0};
  std::chrono::nanoseconds max{0};

  // Of those that are not finished.
  std::uint64_t running() const noexcept { return started - finished; }
};
MethodTotals total_of(const std::vector<const Counters*>& loops, std::size_t method);

// The durations of one method's calls on all loops.
class Latencies {
 public:
  Latencies(const std::vector<const Counters*>& loops, std::size_t method);

  std::uint64_t count() const noexcept { return count_; }
  // The duration that `share` of all durations do not exceed.
  std::chrono::nanoseconds quantile(double share) const noexcept;
  // How many are at least `from` and below `to`, of which each is a power of two.
  std::uint64_t between(std::uint64_t from, std::uint64_t to) const noexcept;

 private:
  std::array<std::uint64_t, LatencyHistogram::kBuckets> buckets_{};
  std::uint64_t count_ = 0;
};

}  // namespace tern::serve
