// A service behind an AdaptiveLimit, in simulated time: calls come by chance, at a rate that does
// not depend on what becomes of them, and wait in one queue for workers.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <queue>
#include <random>
#include <vector>

#include "serve/adaptive_limit.h"

namespace tern::test {

class SimulatedService {
 public:
  struct Method {
    double calls_a_second = 0;
    double seconds = 0.005;          // that a call takes
    bool waits_for_a_worker = true;  // false: it waits for something else, and disturbs nobody
  };
  // What became of the calls of a time.
  struct Seen {
    double seconds = 0;
    std::uint64_t ended = 0;
    std::uint64_t in_time = 0;  // within 100 ms
    std::uint64_t refused = 0;
    double longest = 0;  // of those that ended, in seconds

    double goodput() const { return static_cast<double>(in_time) / seconds; }
  };

  SimulatedService(const AdaptiveConcurrency& options, std::size_t workers,
                   std::vector<Method> methods)
      : limit_(options, methods.size(), at(0)),
        idle_workers_(workers),
        methods_(std::move(methods)),
        seen_(methods_.size()) {
    for (std::size_t method = 0; method < methods_.size(); ++method) expect_arrival(method);
  }

  serve::AdaptiveLimit& limit() { return limit_; }
  Method& method(std::size_t index = 0) { return methods_[index]; }

  // Lets time pass, and says what became of the calls of all methods, or of one.
  Seen run(double seconds) {
    pass(seconds);
    Seen sum;
    for (const Seen& one : seen_) {
      sum.ended += one.ended;
      sum.in_time += one.in_time;
      sum.refused += one.refused;
      sum.longest = std::max(sum.longest, one.longest);
    }
    sum.seconds = seconds;
    return sum;
  }
  std::vector<Seen> run_each(double seconds) {
    pass(seconds);
    for (Seen& one : seen_) one.seconds = seconds;
    return seen_;
  }

 private:
  static constexpr double kInTime = 0.1;

  enum class What : std::uint8_t { kLook, kArrives, kEnds, kEndsAtAWorker };
  struct Event {
    double time;
    What what;
    std::size_t method;
    double arrived;

    bool operator<(const Event& other) const { return time > other.time; }
  };

  static Clock::TimePoint at(double seconds) {
    return Clock::TimePoint(std::chrono::nanoseconds(static_cast<std::int64_t>(seconds * 1e9)) +
                            std::chrono::hours(1));
  }

  void pass(double seconds) {
    std::fill(seen_.begin(), seen_.end(), Seen());
    double until = now_ + seconds;
    while (events_.top().time < until) {
      Event event = events_.top();
      events_.pop();
      now_ = event.time;
      happen(event);
    }
    now_ = until;
  }

  void happen(const Event& event) {
    switch (event.what) {
      case What::kLook:
        expect_arrival(event.method);
        return;
      case What::kArrives:
        expect_arrival(event.method);
        arrive(event.method);
        return;
      case What::kEndsAtAWorker:
        ++idle_workers_;
        if (!queue_.empty()) {
          Event next = queue_.front();
          queue_.pop_front();
          work(next.method, next.arrived);
        }
        break;
      case What::kEnds:
        break;
    }
    limit_.end(event.method, at(now_), serve::AdaptiveLimit::Ran::kHandler);
    Seen& seen = seen_[event.method];
    ++seen.ended;
    if (now_ - event.arrived <= kInTime) ++seen.in_time;
    seen.longest = std::max(seen.longest, now_ - event.arrived);
  }

  void expect_arrival(std::size_t method) {
    double rate = methods_[method].calls_a_second;
    if (rate == 0) {
      events_.push({now_ + 0.1, What::kLook, method, 0});
      return;
    }
    double chance = std::uniform_real_distribution<double>()(random_);
    events_.push({now_ - std::log1p(-chance) / rate, What::kArrives, method, 0});
  }

  void arrive(std::size_t method) {
    if (!limit_.try_begin(method, at(now_))) {
      ++seen_[method].refused;
    } else if (!methods_[method].waits_for_a_worker) {
      events_.push({now_ + methods_[method].seconds, What::kEnds, method, now_});
    } else if (idle_workers_ > 0) {
      work(method, now_);
    } else {
      queue_.push_back({0, What::kEndsAtAWorker, method, now_});
    }
  }

  void work(std::size_t method, double arrived) {
    --idle_workers_;
    events_.push({now_ + methods_[method].seconds, What::kEndsAtAWorker, method, arrived});
  }

  serve::AdaptiveLimit limit_;
  std::size_t idle_workers_;
  std::vector<Method> methods_;
  std::vector<Seen> seen_;
  std::deque<Event> queue_;
  std::priority_queue<Event> events_;
  std::mt19937_64 random_{1};
  double now_ = 0;
};

}  // namespace tern::test
