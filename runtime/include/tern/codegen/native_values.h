// The native codec, reading: what the readers of messages, lists and maps have in common.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "tern/codegen/native_failure.h"
#include "tern/codegen/native_layout.h"

namespace tern::codec {

template <typename T>
T load(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

template <Fixed T>
T load_fixed(const std::byte* at) {
  if constexpr (std::is_same_v<T, bool>) {
    return load<std::uint32_t>(at) != 0;
  } else {
    return load<T>(at);
  }
}

// Reads the `size` bytes of content at `at`, all of them. `depth` is how many levels may follow,
// that of `out` included.
template <typename T>
bool read_content(const std::byte* at, std::size_t size, T& out, std::size_t depth,
                  NativeFailure& failure);

// The same, once in the program for each type.
template <typename T>
[[gnu::noinline]] bool read_apart(ByteView content, T& out, std::size_t depth,
                                  NativeFailure& failure) {
  return read_content(content.data(), content.size(), out, depth, failure);
}

}  // namespace tern::codec
