#include "debug_pages/text.h"

#include <fmt/format.h>

#include <array>
#include <cstddef>

#include "base/duration_text.h"

namespace tern::debug_pages {

void append_html(std::string& out, std::string_view text) {
  for (char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
}

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, ",");
  }
  return text;
}

std::string_view kind_name(MethodKind kind) noexcept {
  switch (kind) {
    case MethodKind::kServerStream:
      return "server stream";
    case MethodKind::kClientStream:
      return "client stream";
    case MethodKind::kBidiStream:
      return "bidi stream";
    case MethodKind::kUnary:
      break;
  }
  return "unary";
}

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 5> kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (unit + 1 < kUnits.size() && value >= 999.5) {
    value /= 1024;
    ++unit;
  }
  return fmt::format("{} {}", base::three_digits(value), kUnits[unit]);
}

}  // namespace tern::debug_pages
