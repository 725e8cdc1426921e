#include "base/peer_text.h"

#include <fmt/format.h>

#include <cstdint>
#include <iterator>

namespace tern {

namespace {

constexpr std::size_t kLongest = 64;

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

std::string peer_text(std::string_view text) {
  std::string out;
  for (char c : text.substr(0, kLongest)) {
    if (c >= 0x20 && c < 0x7f && c != '\\') {
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  if (text.size() > kLongest) out += "...";
  return out;
}

std::string go_duration(std::chrono::nanoseconds duration) {
  constexpr std::uint64_t kMicrosecond = 1000;
  constexpr std::uint64_t kMillisecond = 1000 * kMicrosecond;
  constexpr std::uint64_t kSecond = 1000 * kMillisecond;
  if (duration.count() == 0) return "0s";
  std::string sign = duration.count() < 0 ? "-" : "";
  auto count = static_cast<std::uint64_t>(duration.count());
  if (duration.count() < 0) count = ~count + 1;
  if (count < kMicrosecond) return fmt::format("{}{}ns", sign, count);
  if (count < kMillisecond) return fmt::format("{}{}µs", sign, fraction(count, kMicrosecond));
  if (count < kSecond) return fmt::format("{}{}ms", sign, fraction(count, kMillisecond));
  std::uint64_t minutes = count / kSecond / 60;
  std::string seconds = fraction(count - minutes * 60 * kSecond, kSecond) + 's';
  if (minutes == 0) return sign + seconds;
  if (minutes < 60) return fmt::format("{}{}m{}", sign, minutes, seconds);
  return fmt::format("{}{}h{}m{}", sign, minutes / 60, minutes % 60, seconds);
}

}  // namespace tern
