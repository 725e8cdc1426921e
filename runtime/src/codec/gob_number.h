// gob's numbers: one byte below 128; else the byte count, negated, and the bytes, most significant
// first. docs/codecs.md has the whole format.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

namespace tern::codec {

// The most bytes that a number takes, and the room that put_gob_uint() needs for any.
inline constexpr std::size_t kGobNumberBytes = 9;

// Returns where the number ends. Up to kGobNumberBytes are written, whatever its size.
[[gnu::always_inline]] inline std::byte* put_gob_uint(std::byte* at, std::uint64_t value) noexcept {
  if (value < 128) {
    *at = static_cast<std::byte>(value);
    return at + 1;
  }
  const int size = (71 - std::countl_zero(value)) / 8;
  *at = static_cast<std::byte>(256 - size);
  const std::uint64_t bytes = __builtin_bswap64(value << (64 - 8 * size));
  std::memcpy(at + 1, &bytes, sizeof bytes);
  return at + 1 + size;
}

// How many bytes put_gob_uint() makes of a number.
constexpr std::size_t gob_uint_size(std::uint64_t value) noexcept {
  return value < 128 ? 1 : 1 + static_cast<std::size_t>(71 - std::countl_zero(value)) / 8;
}

// Signed numbers: shifted left by one, complemented if negative.
constexpr std::uint64_t gob_folded(std::int64_t value) noexcept {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t gob_unfolded(std::uint64_t value) noexcept {
  return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

// Returns where the number ends, or null if it is none or the bytes end before it does. More bytes
// than a number needs are taken, as Go does.
[[gnu::always_inline]] inline const std::byte* take_gob_uint(const std::byte* at,
                                                             const std::byte* end,
                                                             std::uint64_t& value) noexcept {
  if (at == end) return nullptr;
  const auto first = std::to_integer<unsigned>(*at++);
  if (first < 128) {
    value = first;
    return at;
  }
  const unsigned size = 256 - first;
  if (size > 8 || size > static_cast<std::size_t>(end - at)) return nullptr;
  if (end - at >= 8) [[likely]] {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, at, sizeof bytes);
    value = __builtin_bswap64(bytes) >> (64 - 8 * size);
  } else {
    value = 0;
    for (unsigned i = 0; i < size; ++i) value = value << 8 | std::to_integer<std::uint64_t>(at[i]);
  }
  return at + size;
}

// Floats travel as their bits with the bytes in reverse, so that small whole ones are short.
inline std::uint64_t gob_float_bits(double value) noexcept {
  return __builtin_bswap64(std::bit_cast<std::uint64_t>(value));
}
inline double gob_float_of(std::uint64_t bits) noexcept {
  return std::bit_cast<double>(__builtin_bswap64(bits));
}

// A float is sent as the double of its value. A NaN keeps its bits, which a conversion does not
// promise.
inline double widened(float value) noexcept {
  if (value == value) return static_cast<double>(value);
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return std::bit_cast<double>(std::uint64_t{bits & 0x80000000u} << 32 |
                               std::uint64_t{0x7ff} << 52 | std::uint64_t{bits & 0x7fffffu} << 29);
}

// False if a finite double lies beyond what a float holds.
inline bool narrowed(double value, float& out) noexcept {
  if (value == value) {
    constexpr double kLargest = std::numeric_limits<float>::max();
    out = static_cast<float>(value);
    return (value >= -kLargest && value <= kLargest) ||
           std::bit_cast<std::uint64_t>(value) << 1 == std::uint64_t{0x7ff} << 53;
  }
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const auto payload = static_cast<std::uint32_t>(bits >> 29) & 0x7fffffu;
  out = std::bit_cast<float>(static_cast<std::uint32_t>(bits >> 32 & 0x80000000u) | 0x7f800000u |
                             (payload == 0 ? 0x400000u : payload));
  return true;
}

}  // namespace tern::codec
