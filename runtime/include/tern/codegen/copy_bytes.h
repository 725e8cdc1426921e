// memcpy for what is mostly short.
#pragma once

#include <array>
#include <cstddef>
#include <cstring>

#include "tern/version.h"

namespace tern::codec {

// Most strings and lists are short: two loads and stores that may overlap cost less than a call.
// Returns where the copy ends.
[[gnu::always_inline]] inline std::byte* copy_bytes(void* to, const void* from, std::size_t size) {
  auto* at = static_cast<std::byte*>(to);
  const auto* bytes = static_cast<const std::byte*>(from);
  const auto both_ends = [&]<std::size_t Size>() {
    std::array<std::byte, Size> head;
    std::array<std::byte, Size> tail;
    std::memcpy(head.data(), bytes, Size);
    std::memcpy(tail.data(), bytes + size - Size, Size);
    std::memcpy(at, head.data(), Size);
    std::memcpy(at + size - Size, tail.data(), Size);
  };
  if (size > 32) {
    std::memcpy(at, bytes, size);
  } else if (size >= 16) {
    both_ends.template operator()<16>();
  } else if (size >= 8) {
    both_ends.template operator()<8>();
  } else if (size >= 4) {
    both_ends.template operator()<4>();
  } else if (size != 0) {
    at[0] = bytes[0];
    at[size / 2] = bytes[size / 2];
    at[size - 1] = bytes[size - 1];
  }
  return at + size;
}

}  // namespace tern::codec
