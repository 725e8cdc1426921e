// How the bytes of protobuf are put, and why an encode ends.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

#include "codec/proto/wire.h"
#include "tern/status.h"

namespace tern::codec::proto {

// Why an encode ended. The functions are out of line, since they are rare.
class WriteFailure {
 public:
  explicit operator bool() const noexcept { return !status_.ok(); }
  [[gnu::cold]] bool not_utf8(std::string_view field);
  [[gnu::cold]] static Status too_large(std::string_view type, std::size_t size);
  Status take() noexcept { return std::move(status_); }

 private:
  Status status_;
};

inline std::size_t varint_size(std::uint64_t value) noexcept {
  return (static_cast<std::size_t>(std::bit_width(value | 1)) * 9 + 64) / 64;
}

// Bytes that a store of a number may go beyond what it takes: there is room for them.
inline constexpr std::size_t kSlack = 8;

// Each seven bits of the low 56 of a number in a byte of their own.
[[gnu::always_inline]] inline std::uint64_t spread(std::uint64_t value) noexcept {
  value = (value & 0x000000000fffffff) | (value & 0x00fffffff0000000) << 4;
  value = (value & 0x00003fff00003fff) | (value & 0x0fffc0000fffc000) << 2;
  return (value & 0x007f007f007f007f) | (value & 0x3f803f803f803f80) << 1;
}

[[gnu::always_inline]] inline std::byte* put_varint(std::byte* at, std::uint64_t value) {
  if (value < 0x80) {
    *at = static_cast<std::byte>(value);
    return at + 1;
  }
  if (value < 0x4000) {
    store(at, static_cast<std::uint16_t>((value & 0x7f) | 0x80 | value >> 7 << 8));
    return at + 2;
  }
  if (value >> 56 != 0) {  // negative ones of 32 bits, too
    store(at, spread(value) | 0x8080808080808080);
    const std::uint64_t last = value >> 56;
    store(at + 8, static_cast<std::uint16_t>(last | last >> 7 << 8));
    return at + 9 + (last >> 7);
  }
  const std::size_t size = varint_size(value);
  const std::uint64_t more = 0x8080808080808080 & ((std::uint64_t{1} << (8 * (size - 1))) - 1);
  store(at, spread(value) | more);
  return at + size;
}

[[gnu::always_inline]] inline std::byte* put_tag(std::byte* at, std::uint32_t number,
                                                 WireType type) {
  const std::uint32_t tag = tag_of(number, type);
  if (tag < 0x80) {
    *at = static_cast<std::byte>(tag);
    return at + 1;
  }
  store(at, static_cast<std::uint16_t>((tag & 0x7f) | 0x80 | tag >> 7 << 8));
  return at + 2;
}

[[gnu::cold]] bool is_utf8_text(std::string_view text) noexcept;
// Whether all bytes are ASCII, and there are few: then it needs no call. Loads overlap.
[[gnu::always_inline]] inline bool is_short_ascii(std::string_view text) noexcept {
  const char* at = text.data();
  const std::size_t size = text.size();
  std::uint64_t bits = 0;
  if (size > 32) return false;
  if (size >= 8) {
    for (std::size_t i = 0; i + 8 < size; i += 8) bits |= load<std::uint64_t>(at + i);
    bits |= load<std::uint64_t>(at + size - 8);
  } else if (size >= 4) {
    bits = load<std::uint32_t>(at) | load<std::uint32_t>(at + size - 4);
  } else if (size != 0) {
    bits = static_cast<unsigned char>(at[0] | at[size / 2] | at[size - 1]);
  }
  return (bits & 0x8080808080808080) == 0;
}
[[gnu::always_inline]] inline bool is_text(std::string_view text) noexcept {
  return is_short_ascii(text) || is_utf8_text(text);
}

// The number of one kind that lies at `from`.
[[gnu::always_inline]] inline std::byte* put_scalar(ValueKind kind, std::byte* at,
                                                    const void* from) {
  switch (kind) {
    case ValueKind::kBool:
      *at = static_cast<std::byte>(load<bool>(from));
      return at + 1;
    case ValueKind::kFixed32:
      std::memcpy(at, from, 4);
      return at + 4;
    case ValueKind::kFixed64:
      std::memcpy(at, from, 8);
      return at + 8;
    case ValueKind::kVarint32:
      return put_varint(at, load<std::uint32_t>(from));
    case ValueKind::kSigned32:
      return put_varint(at, static_cast<std::uint64_t>(std::int64_t{load<std::int32_t>(from)}));
    case ValueKind::kZigzag32:
      return put_varint(at, zigzag(load<std::int32_t>(from)));
    case ValueKind::kZigzag64:
      return put_varint(at, zigzag(load<std::int64_t>(from)));
    default:
      return put_varint(at, load<std::uint64_t>(from));
  }
}

}  // namespace tern::codec::proto
