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

#include "serve/refusal.h"

namespace tern {

struct ServerStats;

// Threads: add() and subtract() on one thread; get() from any.
class LoopCounter {
 public:
  void add(std::uint64_t count = 1) noexcept { set(get() + count); }
  void subtract(std::uint64_t count = 1) noexcept { set(get() - count); }
  void set(std::uint64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }
  std::uint64_t get() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

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
  std::array<LoopCounter, kBuckets> buckets_;
};

// What one method has done on one loop.
struct MethodCounters {
  LoopCounter started;
  LoopCounter finished;
  LoopCounter errors;
  LoopCounter total_nanoseconds;
  LoopCounter max_nanoseconds;
  LatencyHistogram latency;

  void finish(std::chrono::nanoseconds took, bool error) noexcept {
    auto nanoseconds = static_cast<std::uint64_t>(took.count() > 0 ? took.count() : 0);
    finished.add();
    if (error) errors.add();
    total_nanoseconds.add(nanoseconds);
    if (nanoseconds > max_nanoseconds.get()) max_nanoseconds.set(nanoseconds);
    latency.record(nanoseconds);
  }
};

// Everything that one loop of a server counts.
struct ServeCounters {
  explicit ServeCounters(std::size_t method_count) : methods(method_count) {}

  LoopCounter accepted;
  LoopCounter open;
  LoopCounter late_replies;
  LoopCounter unsent_bytes;
  std::array<LoopCounter, static_cast<std::size_t>(Refusal::kCount)> refused;
  std::vector<MethodCounters> methods;  // by Route::index

  void refuse(Refusal reason) noexcept { refused[static_cast<std::size_t>(reason)].add(); }
};

// Adds up what the loops have counted. `stats.methods` has the names already, by Route::index.
void merge_counters(const std::vector<const ServeCounters*>& loops, ServerStats& stats);

}  // namespace tern
