// Bytes as base64 (RFC 4648, section 4), as JSON carries them.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "tern/buffer.h"

namespace tern::codec {

// The length of `size` bytes in base64, padding included.
constexpr std::size_t base64_size(std::size_t size) {
  return (size + 2) / 3 * 4;
}

// Writes base64_size(bytes.size()) characters.
void write_base64(ByteView bytes, char* out);

// Takes the standard alphabet, padded or not. False for anything else, bits that belong to no byte
// included; `out` then holds a part.
bool read_base64(std::string_view text, std::vector<std::byte>& out);

}  // namespace tern::codec
