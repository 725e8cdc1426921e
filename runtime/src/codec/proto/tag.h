// The tag of a field of ours, as it stands in a message.
#pragma once

#include <cstdint>

#include "codec/proto/input.h"
#include "codec/proto/wire.h"

namespace tern::codec::proto {

// Whether the next field has this tag.
[[gnu::always_inline]] inline bool has_tag(At at, At end, std::uint16_t tag, std::uint8_t size) {
  if (size == 1) return at < end && *at == static_cast<std::byte>(tag);
  return end - at >= 2 && load<std::uint16_t>(at) == tag;
}

struct Tag {
  Tag(std::uint32_t number, WireType type) {
    const std::uint32_t tag = tag_of(number, type);
    size = tag < 0x80 ? 1 : 2;
    bytes = static_cast<std::uint16_t>(size == 1 ? tag : (tag & 0x7f) | 0x80 | tag >> 7 << 8);
  }
  bool comes(At at, At end) const { return has_tag(at, end, bytes, size); }

  std::uint16_t bytes = 0;
  std::uint8_t size = 0;
};

}  // namespace tern::codec::proto
