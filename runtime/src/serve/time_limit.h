// How long a call on a server may take.
#pragma once

#include <chrono>
#include <cstdint>

#include "tern/clock.h"
#include "tern/codegen/method.h"
#include "tern/status.h"

namespace tern::serve {

// The shorter of what its caller and its connection permit. A value.
class TimeLimit {
 public:
  // None.
  TimeLimit() = default;
  // 0: no limit. In place, since every call has one.
  void set(Clock::TimePoint arrived, std::chrono::nanoseconds caller,
           std::chrono::nanoseconds handle_timeout) noexcept {
    deadline_ = Clock::TimePoint::max();
    of_ = Of::kNobody;
    if (caller.count() > 0) {
      of_ = Of::kCaller;
      time_ = caller;
    }
    if (handle_timeout.count() > 0 && (of_ == Of::kNobody || handle_timeout < time_)) {
      of_ = Of::kHandleTimeout;
      time_ = handle_timeout;
    }
    if (of_ != Of::kNobody) deadline_ = saturating_add(arrived, time_);
  }

  bool none() const noexcept { return deadline_ == Clock::TimePoint::max(); }
  // TimePoint::max() if there is none.
  Clock::TimePoint deadline() const noexcept { return deadline_; }
  bool over(Clock::TimePoint now) const noexcept { return now >= deadline_; }
  // The outcome of a call of `method` that has taken so long; null: of one of which it is not known
  // yet who calls.
  Status outcome(const Method* method) const;

 private:
  enum class Of : std::uint8_t { kNobody, kCaller, kHandleTimeout };

  Clock::TimePoint deadline_ = Clock::TimePoint::max();
  std::chrono::nanoseconds time_{0};
  Of of_ = Of::kNobody;
};

}  // namespace tern::serve
