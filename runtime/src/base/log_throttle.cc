#include "base/log_throttle.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <utility>

namespace tern {

namespace {

constexpr std::chrono::seconds kPause{1};

void to_standard_error(std::string_view line) {
  std::string with_end(line);
  with_end += '\n';
  std::fwrite(with_end.data(), 1, with_end.size(), stderr);
}

}  // namespace

LogThrottle::LogThrottle(Clock& clock, Sink sink)
    : clock_(clock), sink_(sink ? std::move(sink) : Sink(to_standard_error)) {}

void LogThrottle::line(const std::string& text) {
  std::uint64_t left_out = 0;
  {
    std::lock_guard lock(mutex_);
    Clock::TimePoint now = clock_.now();
    if (last_ != Clock::TimePoint::min() && now - last_ < kPause) {
      ++left_out_;
      return;
    }
    last_ = now;
    left_out = std::exchange(left_out_, 0);
  }
  sink_(left_out > 0 ? fmt::format("{} (and {} more since the last line)", text, left_out) : text);
}

}  // namespace tern
