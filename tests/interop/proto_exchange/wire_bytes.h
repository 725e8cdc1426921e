// The bytes of protobuf, put by hand: also such as no writer puts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tern::test::wire {

enum Type { kVarint = 0, k64Bit = 1, kDelimited = 2, kGroup = 3, kEndGroup = 4, k32Bit = 5 };

// With `more` bytes than it needs.
inline std::string varint(std::uint64_t value, int more = 0) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
  if (more == 0) return out;
  out.back() = static_cast<char>(out.back() | 0x80);
  for (int i = 1; i < more; ++i) out += '\x80';
  return out + '\0';
}

inline std::string tag(int number, int type) {
  return varint(static_cast<std::uint64_t>(number) << 3 | static_cast<std::uint64_t>(type));
}

inline std::string delimited(std::string_view content) {
  return varint(content.size()) + std::string(content);
}

inline std::string field(int number, std::string_view content) {
  return tag(number, kDelimited) + delimited(content);
}

inline std::string group(int number, std::string_view content) {
  return tag(number, kGroup) + std::string(content) + tag(number, kEndGroup);
}

template <typename T>
std::string fixed(T value) {
  return std::string(reinterpret_cast<const char*>(&value), sizeof value);
}

}  // namespace tern::test::wire
