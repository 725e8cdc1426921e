// Counts one server's failures, and says when it is ejected and for how long.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "tern/clock.h"
#include "tern/cluster.h"
#include "tern/status.h"

namespace tern::cluster {

// Whether a call that ends so says something against its server.
bool counts_against_server(const Status& outcome) noexcept;

// Threads: observe(), ejected() and totals any, the rest one at a time: the home loop's.
class Outlier {
 public:
  explicit Outlier(const OutlierPolicy& policy) : policy_(policy) {}

  // True when the server has now failed often enough to be ejected.
  bool observe(bool failed) noexcept;
  // Failures, up to now.
  std::size_t in_a_row() const noexcept { return in_a_row_.load(std::memory_order_relaxed); }
  std::uint64_t failures() const noexcept { return failures_.load(std::memory_order_relaxed); }

  bool ejected() const noexcept { return ejected_.load(std::memory_order_relaxed); }
  // Ejects it, and says for how long.
  Clock::Duration eject(Clock::TimePoint now);
  // Its check has failed: it stays ejected for as long again.
  Clock::Duration stay_out(Clock::TimePoint now);
  void come_back(Clock::TimePoint now) noexcept;

 private:
  Clock::Duration time_out() const;

  const OutlierPolicy& policy_;
  std::atomic<std::size_t> in_a_row_ = 0;
  std::atomic<std::uint64_t> failures_ = 0;
  std::atomic<bool> ejected_ = false;
  std::int64_t times_ = 0;  // how often it was ejected, less those that were forgiven
  Clock::TimePoint back_since_{};
};

}  // namespace tern::cluster
