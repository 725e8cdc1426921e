// Lines for an operator, few enough to be read.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "tern/clock.h"

namespace tern {

// Passes on one line a second and counts the others. Threads: any.
class LogThrottle {
 public:
  using Sink = std::function<void(std::string_view line)>;

  // An empty sink: standard error.
  LogThrottle(Clock& clock, Sink sink);

  void line(const std::string& text);

 private:
  Clock& clock_;
  const Sink sink_;

  std::mutex mutex_;  // guards the following
  Clock::TimePoint last_ = Clock::TimePoint::min();
  std::uint64_t left_out_ = 0;
};

}  // namespace tern
