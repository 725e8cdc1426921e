// What is left of a message of protobuf, and the numbers in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "codec/proto/wire.h"
#include "tern/codegen/decode_memory.h"
#include "tern/codegen/proto_table.h"
#include "tern/codegen/type_ops.h"
#include "tern/codegen/type_shape.h"
#include "tern/status.h"

namespace tern::codec::proto {

// Functions that read take the bytes that are left and return where they stopped; null if there is
// a failure. So a place in a message is never in memory.
using At = const std::byte*;

inline std::size_t bytes_between(At at, At end) noexcept {
  return static_cast<std::size_t>(end - at);
}

// What the functions that read share: why the decode ended, and what it may take. What makes the
// text of a failure is out of line, since that is rare; it returns null.
class Reading {
 public:
  // Of a value in `bytes`.
  Reading(std::size_t bytes, const DecodeLimits& limits) noexcept : memory_(bytes, limits) {}

  // Takes memory for what is in `type`, or is it; or fails, and that is false.
  bool charge(const TypeShape& type, std::size_t count, std::size_t each) {
    return memory_.take(count * each) || too_much_overhead(type, count * each);
  }

  [[gnu::cold]] At cut_off(std::string_view what);
  [[gnu::cold]] At bad_varint();
  [[gnu::cold]] At long_tag();
  [[gnu::cold]] At long_length();
  [[gnu::cold]] At bad_tag(std::uint64_t tag);
  [[gnu::cold]] At too_deep();
  [[gnu::cold]] At not_utf8();
  [[gnu::cold]] At uneven(std::size_t size, std::size_t element);
  [[gnu::cold]] At out_of_range(std::string_view what, std::int64_t seconds);
  // The walk back from the place of a failure.
  [[gnu::cold]] At in_field(std::string_view field);
  Status take() noexcept;

 private:
  At fail(std::string text);
  [[gnu::cold]] bool too_much_overhead(const TypeShape& type, std::size_t more);

  DecodeMemory memory_;
  std::string way_;
  std::string text_;
};

// --- Numbers ---

At read_long_varint(At at, At end, std::uint64_t& value, Reading& reading);
[[gnu::always_inline]] inline At read_varint(At at, At end, std::uint64_t& value,
                                             Reading& reading) {
  if (bytes_between(at, end) >= 2) [[likely]] {
    const auto first = std::to_integer<std::uint64_t>(at[0]);
    if (first < 0x80) {
      value = first;
      return at + 1;
    }
    const auto second = std::to_integer<std::uint64_t>(at[1]);
    if (second < 0x80) {
      value = (first & 0x7f) | second << 7;
      return at + 2;
    }
  }
  std::uint64_t bits = 0;
  at = read_long_varint(at, end, bits, reading);
  value = bits;
  return at;
}

// The length in front of a value, behind which are so many bytes.
At read_long_length(At at, At end, std::size_t& size, Reading& reading);
[[gnu::always_inline]] inline At read_length(At at, At end, std::size_t& size, Reading& reading) {
  if (at < end && *at < std::byte{0x80}) [[likely]] {
    size = std::to_integer<std::size_t>(*at++);
    if (size <= bytes_between(at, end)) [[likely]]
      return at;
    return reading.cut_off("a value");
  }
  std::size_t bytes = 0;
  at = read_long_length(at, end, bytes, reading);
  size = bytes;
  return at;
}

template <typename T>
[[gnu::always_inline]] inline At read_fixed(At at, At end, void* out, Reading& reading) {
  if (bytes_between(at, end) < sizeof(T)) return reading.cut_off("a number");
  store(out, load<T>(at));
  return at + sizeof(T);
}

// A varint that `convert` makes a number in memory of.
template <typename Convert>
[[gnu::always_inline]] inline At read_converted(At at, At end, void* out, Reading& reading,
                                                Convert convert) {
  std::uint64_t bits = 0;
  at = read_varint(at, end, bits, reading);
  if (at != nullptr) store(out, convert(bits));
  return at;
}

// A number of one kind, into where it lies. What has too many bits loses them, as everywhere in
// protobuf.
[[gnu::always_inline]] inline At read_scalar(ValueKind kind, At at, At end, void* out,
                                             Reading& reading) {
  switch (kind) {
    case ValueKind::kBool:
      return read_converted(at, end, out, reading, [](std::uint64_t bits) { return bits != 0; });
    case ValueKind::kFixed32:
      return read_fixed<std::uint32_t>(at, end, out, reading);
    case ValueKind::kFixed64:
      return read_fixed<std::uint64_t>(at, end, out, reading);
    case ValueKind::kVarint64:
      return read_converted(at, end, out, reading, [](std::uint64_t bits) { return bits; });
    case ValueKind::kZigzag64:
      return read_converted(at, end, out, reading, &from_zigzag);
    case ValueKind::kZigzag32:
      return read_converted(at, end, out, reading, [](std::uint64_t bits) {
        return static_cast<std::uint32_t>(from_zigzag(static_cast<std::uint32_t>(bits)));
      });
    default:
      return read_converted(at, end, out, reading,
                            [](std::uint64_t bits) { return static_cast<std::uint32_t>(bits); });
  }
}

// How many varints there are: each ends with a byte that has no high bit.
std::size_t count_varints(At at, At end) noexcept;

// Of a whole message of protobuf's; true if that is right.
bool read_time(At at, At end, Timestamp& out, Into into, std::size_t depth, Reading& reading);
bool read_time(At at, At end, Duration& out, Into into, std::size_t depth, Reading& reading);

// A field of a tag that has been read and that nobody knows. Groups nest: each is a level.
At skip_field(At at, At end, std::uint64_t tag, std::size_t depth, Reading& reading);
At read_tag(At at, At end, std::uint64_t& tag, Reading& reading);

}  // namespace tern::codec::proto
