// The bytes of protobuf, worked out at compile time as far as that goes.
// Source: protobuf.dev/programming-guides/encoding.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#include "tern/buffer.h"
#include "tern/codegen/kinds.h"
#include "tern/field.h"

namespace tern::codec::proto {

static_assert(std::endian::native == std::endian::little,
              "fixed numbers are copied as they are in memory");

// Of a field, in the low bits of its tag.
enum class WireType : std::uint8_t {
  kVarint = 0,
  kFixed64 = 1,
  kLength = 2,  // a length and so many bytes
  kGroup = 3,   // fields up to kEndGroup; nothing of ours, and skipped
  kEndGroup = 4,
  kFixed32 = 5
};

// No message is longer: lengths are numbers of 32 bits with a sign.
inline constexpr std::size_t kMostBytes = std::numeric_limits<std::int32_t>::max();
inline constexpr std::size_t kMostTag = 2;      // bytes: a number of ours is at most 1000
inline constexpr std::size_t kMostLength = 5;   // bytes of the length in front of a value
inline constexpr std::size_t kMostAnyTag = 5;   // bytes of a tag that others write
inline constexpr std::size_t kMostVarint = 10;  // bytes

// Timestamps and durations are messages of protobuf's.
template <typename T>
concept Time = std::is_same_v<T, Timestamp> || std::is_same_v<T, Duration>;
template <typename T>
concept Scalar = std::is_arithmetic_v<T> || Enum<T>;
template <typename T>
concept Text = std::is_same_v<T, std::string> || std::is_same_v<T, Bytes>;
// A list of these is one field whose bytes are all elements.
template <typename T>
concept Packed = List<T> && Scalar<typename T::value_type>;
// What has no message of its own stands in one, as its field 1: where a list or map lies in
// another one, and at the top.
inline constexpr std::uint32_t kOnlyField = 1;

template <typename T>
consteval WireType wire_type_of() {
  if constexpr (std::is_same_v<T, float>) {
    return WireType::kFixed32;
  } else if constexpr (std::is_same_v<T, double>) {
    return WireType::kFixed64;
  } else if constexpr (Scalar<T>) {
    return WireType::kVarint;
  } else {
    return WireType::kLength;
  }
}

// How many bytes a number takes at most.
template <Scalar T>
inline constexpr std::size_t kMostScalar = [] {
  if constexpr (std::is_same_v<T, bool>) return std::size_t{1};
  if constexpr (std::is_floating_point_v<T>) return sizeof(T);
  return std::is_same_v<T, std::uint32_t> ? std::size_t{5} : kMostVarint;
}();

constexpr std::uint32_t tag_of(std::uint32_t number, WireType type) noexcept {
  return number << 3 | static_cast<std::uint32_t>(type);
}

// As it stands in a varint: negative ones have all 64 bits.
template <Scalar T>
constexpr std::uint64_t varint_of(T value) noexcept {
  if constexpr (Enum<T>) {
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<std::int32_t>(value)));
  } else if constexpr (std::is_signed_v<T>) {
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(value));
  } else {
    return value;
  }
}
// And back: what has more bits than T loses them, as everywhere in protobuf.
template <Scalar T>
constexpr T from_varint(std::uint64_t bits) noexcept {
  if constexpr (std::is_same_v<T, bool>) {
    return bits != 0;
  } else if constexpr (Enum<T>) {
    return static_cast<T>(static_cast<std::int32_t>(static_cast<std::uint32_t>(bits)));
  } else {
    return static_cast<T>(bits);
  }
}

}  // namespace tern::codec::proto
