// The load of one server, as far as a client knows it from its own calls.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "tern/clock.h"
#include "tern/instance.h"

namespace tern {

// Threads: any.
class ServerLoad {
 public:
  // `id` is unique in the cluster, also over time.
  ServerLoad(std::uint64_t id, Instance instance);
  ServerLoad(const ServerLoad&) = delete;
  ServerLoad& operator=(const ServerLoad&) = delete;

  std::uint64_t id() const noexcept { return id_; }
  const Endpoint& endpoint() const noexcept { return instance_.endpoint; }
  // As it was when the server was first seen; weight() follows the registry.
  const Instance& instance() const noexcept { return instance_; }

  std::uint32_t weight() const noexcept { return weight_.load(std::memory_order_relaxed); }
  void set_weight(std::uint32_t weight) noexcept {
    weight_.store(weight, std::memory_order_relaxed);
  }

  // Pending calls of this server.
  std::uint32_t pending() const noexcept {
    // In this order: none ends that has not been seen to start.
    const std::uint64_t ended = ended_.load(std::memory_order_acquire);
    return static_cast<std::uint32_t>(started_.load() - ended);
  }
  void call_started() noexcept { started_.fetch_add(1); }
  void call_ended() noexcept { ended_.fetch_add(1, std::memory_order_release); }
  // How often call_started() was called.
  std::uint64_t calls_started() const noexcept { return started_.load(std::memory_order_relaxed); }

  // A call took `time` and was answered at `now`.
  void observe(std::chrono::nanoseconds time, Clock::TimePoint now) noexcept;
  // An average of the observed times that rises at once to a longer one and falls slowly: half of
  // the way in about seven seconds (finagle's peak EWMA, with a decay time of 10 s). 0 until the
  // first observation.
  std::chrono::nanoseconds peak_ewma(Clock::TimePoint now) const noexcept;

 private:
  const std::uint64_t id_;
  const Instance instance_;
  std::atomic<std::uint32_t> weight_;
  std::atomic<std::uint64_t> started_ = 0;
  std::atomic<std::uint64_t> ended_ = 0;

  // Two observations at the same time may each see the average of one with the time of the other;
  // they differ by little.
  std::atomic<double> average_ = 0;  // nanoseconds
  std::atomic<Clock::TimePoint> observed_at_{};
};

}  // namespace tern
