// Lines for an operator, few enough to be read.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>

#include "tern/clock.h"
#include "tern/log.h"

namespace tern::base {

// Passes on one line a second of each level, from `least` on, and counts the others. Threads: any.
class LogThrottle {
 public:
  // An empty sink: standard error.
  LogThrottle(Clock& clock, LogSink sink, LogLevel least = LogLevel::kWarning);

  // Whether a line of this level can go anywhere: one that nobody takes need not be made.
  bool takes(LogLevel level) const noexcept { return level >= least_ && level < LogLevel::kOff; }
  void line(const std::string& text, LogLevel level = LogLevel::kError);

 private:
  struct OfLevel {
    Clock::TimePoint last = Clock::TimePoint::min();
    std::uint64_t left_out = 0;
  };

  Clock& clock_;
  const LogSink sink_;
  const LogLevel least_;

  std::mutex mutex_;  // guards the following
  std::array<OfLevel, static_cast<std::size_t>(LogLevel::kOff)> levels_;
};

}  // namespace tern::base
