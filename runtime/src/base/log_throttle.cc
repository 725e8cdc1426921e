#include "base/log_throttle.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <string_view>
#include <utility>

namespace tern::base {

namespace {

constexpr std::chrono::seconds kPause{1};

void to_standard_error(LogLevel /*level*/, std::string_view line) {
  std::string with_end(line);
  with_end += '\n';
  std::fwrite(with_end.data(), 1, with_end.size(), stderr);
}

}  // namespace

}  // namespace tern::base

namespace tern {

std::string_view log_level_name(LogLevel level) noexcept {
  constexpr std::array<std::string_view, 5> kNames = {"debug", "info", "warning", "error", "off"};
  return kNames[static_cast<std::size_t>(level)];
}

}  // namespace tern

namespace tern::base {

LogThrottle::LogThrottle(Clock& clock, LogSink sink, LogLevel least)
    : clock_(clock), sink_(sink ? std::move(sink) : LogSink(to_standard_error)), least_(least) {}

void LogThrottle::line(const std::string& text, LogLevel level) {
  if (!takes(level)) return;
  std::uint64_t left_out = 0;
  {
    std::lock_guard lock(mutex_);
    OfLevel& here = levels_[static_cast<std::size_t>(level)];
    Clock::TimePoint now = clock_.now();
    if (here.last != Clock::TimePoint::min() && now - here.last < kPause) {
      ++here.left_out;
      return;
    }
    here.last = now;
    left_out = std::exchange(here.left_out, 0);
  }
  sink_(level,
        left_out > 0 ? fmt::format("{} (and {} more since the last line)", text, left_out) : text);
}

}  // namespace tern::base
