#include "support/memory_addresses.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>

namespace tern::test {

namespace {

constexpr std::size_t kFewestDigits = 6;
// Larger parts are room that a sanitizer has reserved, as are those that begin lower: numbers that
// are no addresses would be some there.
constexpr std::uint64_t kLargestPart = std::uint64_t{1} << 30;
constexpr std::uint64_t kLowest = std::uint64_t{1} << 32;

std::optional<std::string> find_text(std::string_view bytes) {
  for (std::size_t at = bytes.find("0x"); at != bytes.npos; at = bytes.find("0x", at + 1)) {
    const std::string_view rest = bytes.substr(at + 2);
    const auto end = std::find_if(rest.begin(), rest.end(), [](char c) {
      return std::isxdigit(static_cast<unsigned char>(c)) == 0;
    });
    const auto digits = static_cast<std::size_t>(std::distance(rest.begin(), end));
    if (digits >= kFewestDigits) return std::string(bytes.substr(at, 2 + digits));
  }
  return std::nullopt;
}

}  // namespace

MemoryAddresses::MemoryAddresses() {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    std::istringstream text(line);
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    char dash = 0;
    text >> std::hex >> from >> dash >> to;
    if (from >= kLowest && to - from <= kLargestPart) mapped_.emplace_back(from, to);
  }
}

std::optional<std::string> MemoryAddresses::find(std::string_view bytes) const {
  if (std::optional<std::string> text = find_text(bytes)) return text;
  std::uint64_t value = 0;
  for (std::size_t at = 0; at + sizeof value <= bytes.size(); ++at) {
    std::memcpy(&value, bytes.data() + at, sizeof value);
    if (is_mapped(value)) return fmt::format("the pointer {:#x} at byte {}", value, at);
  }
  return std::nullopt;
}

bool MemoryAddresses::is_mapped(std::uint64_t address) const {
  const auto after =
      std::upper_bound(mapped_.begin(), mapped_.end(), address,
                       [](std::uint64_t value, const auto& part) { return value < part.first; });
  return after != mapped_.begin() && address < std::prev(after)->second;
}

}  // namespace tern::test
