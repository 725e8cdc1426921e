#include "base/peer_text.h"

#include <fmt/format.h>

#include <cstddef>
#include <iterator>

namespace tern::base {

namespace {

constexpr std::size_t kLongest = 64;

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

}  // namespace tern::base
