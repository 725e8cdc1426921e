// Bytes as base64 (RFC 4648, section 4), as JSON carries them.
#pragma once

#include <cstddef>
#include <cstdint>
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
// Appends them.
void append_base64(ByteView bytes, Buffer& out);

// Takes the standard alphabet, padded or not. False for anything else, bits that belong to no byte
// included; `out` then holds a part.
bool read_base64(std::string_view text, std::vector<std::byte>& out);

// Reads base64 in padded pieces, one behind the other, that come cut anywhere.
class Base64Reader {
 public:
  // Takes the standard alphabet, and appends what it holds to `out`. False for anything else, and
  // for padding that is not at the end of four characters: `out` then holds a part.
  bool add(std::string_view text, Buffer& out);
  // Nothing of four characters is missing.
  bool complete() const noexcept { return count_ == 0; }

 private:
  std::uint32_t bits_ = 0;  // of the digits that have come of four
  std::uint8_t count_ = 0;  // of the four characters
  std::uint8_t pads_ = 0;   // among them
};

}  // namespace tern::codec
