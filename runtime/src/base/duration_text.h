// Durations as text, and back: one form for programs and logs, two for people who look at a page.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace tern::base {

// As Go prints a duration: "1s", "1m30s", "1.5ms", "250ns", with as many digits as it needs. In
// errors, logs and printed values.
std::string duration_text(std::chrono::nanoseconds duration);

// On pages: "850 ns", "1.24 ms", "3.5 s", "0". Three digits.
std::string short_duration(std::chrono::nanoseconds duration);
// On pages: "12 s", "5 min 3 s", "2 h 5 min", "3 d 4 h".
std::string long_duration(std::chrono::nanoseconds duration);

// A whole number and ms, s, m, min or h, as in "30s"; nothing if it is another text or too long.
std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text);

// `value` in three digits; zeros at the end behind the point are left out.
std::string three_digits(double value);

}  // namespace tern::base
