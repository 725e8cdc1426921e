// The bytes of protobuf, and what there is of a type's table.
// Source: protobuf.dev/programming-guides/encoding.
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

#include "tern/codegen/proto_table.h"

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

// What has no message of its own stands in one, as its field 1: where a list or map lies in
// another one, and at the top.
inline constexpr std::uint32_t kOnlyField = 1;

constexpr WireType wire_type_of(ValueKind kind) noexcept {
  switch (kind) {
    case ValueKind::kBool:
    case ValueKind::kVarint32:
    case ValueKind::kSigned32:
    case ValueKind::kVarint64:
    case ValueKind::kZigzag32:
    case ValueKind::kZigzag64:
      return WireType::kVarint;
    case ValueKind::kFixed64:
      return WireType::kFixed64;
    case ValueKind::kFixed32:
      return WireType::kFixed32;
    default:
      return WireType::kLength;
  }
}

constexpr std::uint32_t tag_of(std::uint32_t number, WireType type) noexcept {
  return number << 3 | static_cast<std::uint32_t>(type);
}

// Small numbers of either sign come to small ones: 0, -1, 1, -2 …
constexpr std::uint64_t zigzag(std::int64_t value) noexcept {
  return static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::uint64_t from_zigzag(std::uint64_t bits) noexcept {
  return bits >> 1 ^ (~(bits & 1) + 1);
}

// What lies at an address of which only the table knows the type.
template <typename T>
[[gnu::always_inline]] inline T load(const void* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}
template <typename T>
[[gnu::always_inline]] inline void store(void* at, T value) {
  std::memcpy(at, &value, sizeof value);
}

// Whether it is a number.
constexpr bool is_scalar(ValueKind kind) noexcept {
  return kind < ValueKind::kString;
}
// Bytes in memory of a number.
constexpr std::size_t scalar_size(ValueKind kind) noexcept {
  switch (kind) {
    case ValueKind::kBool:
      return 1;
    case ValueKind::kVarint64:
    case ValueKind::kZigzag64:
    case ValueKind::kFixed64:
      return 8;
    default:
      return 4;
  }
}
// A list of these is one field whose bytes are all elements.
constexpr bool is_packed(const ValueType& type) noexcept {
  return type.kind == ValueKind::kList && is_scalar(type.element->kind);
}

// Makes a table ready: it knows then where the members lie.
void make_ready(MessageTable& table);
[[gnu::always_inline]] inline const MessageTable& ready(MessageTable& table) {
  if (table.fresh.load(std::memory_order_acquire) == nullptr) [[unlikely]]
    make_ready(table);
  return table;
}

}  // namespace tern::codec::proto
