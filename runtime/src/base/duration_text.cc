#include "base/duration_text.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <system_error>

#include "base/ascii.h"

namespace tern::base {

namespace {

struct Unit {
  std::string_view name;
  std::int64_t nanoseconds;
};

constexpr std::int64_t kMicrosecond = 1'000;
constexpr std::int64_t kMillisecond = 1'000 * kMicrosecond;
constexpr std::int64_t kSecond = 1'000 * kMillisecond;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;

// `value` / `unit` with as many digits after the point as it needs.
std::string fraction(std::uint64_t value, std::uint64_t unit) {
  std::string text = std::to_string(value / unit);
  std::uint64_t rest = value % unit;
  if (rest == 0) return text;
  text += '.';
  for (unit /= 10; rest > 0; unit /= 10) {
    text += static_cast<char>('0' + rest / unit);
    rest %= unit;
  }
  return text;
}

}  // namespace

std::string duration_text(std::chrono::nanoseconds duration) {
  if (duration.count() == 0) return "0s";
  std::string sign = duration.count() < 0 ? "-" : "";
  auto count = static_cast<std::uint64_t>(duration.count());
  if (duration.count() < 0) count = ~count + 1;
  if (count < kMicrosecond) return fmt::format("{}{}ns", sign, count);
  if (count < kMillisecond) return fmt::format("{}{}µs", sign, fraction(count, kMicrosecond));
  if (count < kSecond) return fmt::format("{}{}ms", sign, fraction(count, kMillisecond));
  const std::uint64_t minutes = count / kMinute;
  std::string seconds = fraction(count - minutes * kMinute, kSecond) + 's';
  if (minutes == 0) return sign + seconds;
  if (minutes < 60) return fmt::format("{}{}m{}", sign, minutes, seconds);
  return fmt::format("{}{}h{}m{}", sign, minutes / 60, minutes % 60, seconds);
}

std::string short_duration(std::chrono::nanoseconds duration) {
  constexpr std::array<std::string_view, 4> kUnits = {"ns", "µs", "ms", "s"};
  if (duration.count() <= 0) return "0";
  auto value = static_cast<double>(duration.count());
  std::size_t unit = 0;
  while (unit + 1 < kUnits.size() && value >= 999.5) {
    value /= 1000;
    ++unit;
  }
  return fmt::format("{} {}", three_digits(value), kUnits[unit]);
}

std::string long_duration(std::chrono::nanoseconds duration) {
  constexpr std::int64_t kMinuteSeconds = 60;
  constexpr std::int64_t kHourSeconds = 60 * kMinuteSeconds;
  constexpr std::int64_t kDaySeconds = 24 * kHourSeconds;
  const std::int64_t seconds = duration.count() / kSecond;
  if (seconds < kMinuteSeconds) return fmt::format("{} s", seconds);
  if (seconds < kHourSeconds) {
    return fmt::format("{} min {} s", seconds / kMinuteSeconds, seconds % kMinuteSeconds);
  }
  if (seconds < kDaySeconds) {
    return fmt::format("{} h {} min", seconds / kHourSeconds,
                       seconds % kHourSeconds / kMinuteSeconds);
  }
  return fmt::format("{} d {} h", seconds / kDaySeconds, seconds % kDaySeconds / kHourSeconds);
}

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  constexpr std::array<Unit, 5> kUnits{
      {{"ms", kMillisecond}, {"s", kSecond}, {"m", kMinute}, {"min", kMinute}, {"h", kHour}}};
  std::int64_t number = 0;
  if (text.empty() || !is_digit(text[0])) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  for (const Unit& unit : kUnits) {
    if (text != unit.name) continue;
    if (number > std::numeric_limits<std::int64_t>::max() / unit.nanoseconds) return std::nullopt;
    return std::chrono::nanoseconds(number * unit.nanoseconds);
  }
  return std::nullopt;
}

std::string three_digits(double value) {
  const int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (decimals > 0) {
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
  }
  return text;
}

}  // namespace tern::base
