// How the bytes of protobuf are put, and why an encode ends.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

#include "tern/codegen/proto_wire.h"
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

[[gnu::always_inline]] inline std::byte* put_varint(std::byte* at, std::uint64_t value) {
  while (value >= 0x80) {
    *at++ = static_cast<std::byte>(value | 0x80);
    value >>= 7;
  }
  *at++ = static_cast<std::byte>(value);
  return at;
}

[[gnu::always_inline]] inline std::byte* put_tag(std::byte* at, std::uint32_t number,
                                                 WireType type) {
  const std::uint32_t tag = tag_of(number, type);
  if (tag < 0x80) {
    *at = static_cast<std::byte>(tag);
    return at + 1;
  }
  const auto both = static_cast<std::uint16_t>((tag & 0x7f) | 0x80 | tag >> 7 << 8);
  std::memcpy(at, &both, sizeof both);
  return at + sizeof both;
}

// What ends at `end` was written behind a byte at `at` that was left for its length.
[[gnu::cold]] std::byte* put_long_length(std::byte* at, std::byte* end);
[[gnu::always_inline]] inline std::byte* put_length(std::byte* at, std::byte* end) {
  const auto size = static_cast<std::size_t>(end - at) - 1;
  if (size >= 0x80) [[unlikely]]
    return put_long_length(at, end);
  *at = static_cast<std::byte>(size);
  return end;
}

// Each with its length.
std::byte* put_time(std::byte* at, Timestamp value);
std::byte* put_time(std::byte* at, Duration value);
// Without it.
std::byte* put_bare_time(std::byte* at, Timestamp value);
std::byte* put_bare_time(std::byte* at, Duration value);

[[gnu::cold]] bool is_utf8_text(std::string_view text) noexcept;
// Whether all bytes are ASCII. Short ones need no call.
[[gnu::always_inline]] inline bool is_short_ascii(std::string_view text) noexcept {
  if (text.size() > 32) return false;
  const char* at = text.data();
  std::uint64_t bits = 0;
  std::size_t left = text.size();
  for (; left >= 8; left -= 8, at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    bits |= word;
  }
  for (; left > 0; --left, ++at) bits |= static_cast<unsigned char>(*at);
  return (bits & 0x8080808080808080) == 0;
}
[[gnu::always_inline]] inline bool is_text(std::string_view text) noexcept {
  return is_short_ascii(text) || is_utf8_text(text);
}

template <Scalar T>
[[gnu::always_inline]] inline std::byte* put_scalar(std::byte* at, T value) {
  if constexpr (std::is_floating_point_v<T>) {
    std::memcpy(at, &value, sizeof value);
    return at + sizeof value;
  } else {
    return put_varint(at, varint_of(value));
  }
}

}  // namespace tern::codec::proto
