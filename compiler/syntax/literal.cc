#include "compiler/syntax/literal.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <limits>
#include <system_error>
#include <utility>

#include "compiler/base/utf8.h"

namespace rpcgen {
namespace {

template <typename T, typename... Base>
std::optional<T> parse_whole(std::string_view text, Base... base) {
  T value{};
  const char* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, value, base...);
  if (problem != std::errc() || stop != end) return std::nullopt;
  return value;
}

struct Unit {
  std::string_view name;
  std::uint64_t nanoseconds;
};

constexpr std::array<Unit, 6> kUnits{{{"ns", 1},
                                      {"us", 1'000},
                                      {"ms", 1'000'000},
                                      {"s", 1'000'000'000},
                                      {"m", 60'000'000'000},
                                      {"h", 3'600'000'000'000}}};

// `\u{…}` at the front of `text`: the character and the length of all of it.
std::optional<std::pair<char32_t, std::size_t>> unicode_escape(std::string_view text) {
  constexpr std::size_t kLongest = 10;  // \u{10FFFF}
  text = text.substr(0, kLongest);
  const std::size_t close = text.find('}');
  if (!text.starts_with("\\u{") || close == text.npos) return std::nullopt;
  const auto value = parse_whole<std::uint32_t>(text.substr(3, close - 3), 16);
  if (!value || *value == 0 || !is_code_point(*value)) return std::nullopt;
  return std::pair{char32_t{*value}, close + 1};
}

}  // namespace

std::optional<std::uint64_t> parse_integer(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) {
    return parse_whole<std::uint64_t>(text.substr(2), 16);
  }
  return parse_whole<std::uint64_t>(text);
}

std::optional<double> parse_float(std::string_view text) {
  return parse_whole<double>(text);
}

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text, bool negative) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto count = parse_whole<std::uint64_t>(text.substr(0, digits));
  if (!count) return std::nullopt;
  for (const Unit& unit : kUnits) {
    if (unit.name != text.substr(digits)) continue;
    if (*count > (kMost + (negative ? 1 : 0)) / unit.nanoseconds) return std::nullopt;
    // Unsigned arithmetic negates the least value, too.
    const std::uint64_t bits = *count * unit.nanoseconds;
    return std::chrono::nanoseconds(static_cast<std::int64_t>(negative ? 0 - bits : bits));
  }
  return std::nullopt;
}

ParsedString parse_string(std::string_view token) {
  ParsedString parsed;
  for (std::size_t at = 1; at < token.size() && token[at] != '"';) {
    if (token[at] != '\\') {
      parsed.text += token[at++];
      continue;
    }
    constexpr std::string_view kEscapes = "nrt\"\\";
    constexpr std::string_view kMeanings = "\n\r\t\"\\";
    const char letter = at + 1 < token.size() ? token[at + 1] : ' ';
    if (const std::size_t known = kEscapes.find(letter); known != kEscapes.npos) {
      parsed.text += kMeanings[known];
      at += 2;
    } else if (const auto unicode = unicode_escape(token.substr(at))) {
      append_utf8(parsed.text, unicode->first);
      at += unicode->second;
    } else {
      if (!parsed.problem) {
        const std::string_view expected =
            letter == 'u' ? "expected \\u{…} with the hexadecimal number of a character"
                          : R"(expected \n, \r, \t, \", \\ or \u{…})";
        parsed.problem = {at, at + 2, fmt::format("escape in a string is unknown; {}", expected)};
      }
      at += 2;
    }
  }
  return parsed;
}

}  // namespace rpcgen
