// Which protocol a connection speaks, from its first bytes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tern/buffer.h"

namespace tern {

enum class Sniffed : std::uint8_t {
  kMore,    // nothing but white space so far
  kOption,  // a JSON object: the Option handshake
  kUnknown
};

// Looks at all that has come and takes nothing: whoever reads the protocol starts at the first byte
// again.
constexpr Sniffed sniff(ByteView in) noexcept {
  for (std::byte byte : in) {
    switch (static_cast<char>(byte)) {
      case ' ':
      case '\t':
      case '\r':
      case '\n':
        continue;
      case '{':
        return Sniffed::kOption;
      default:
        return Sniffed::kUnknown;
    }
  }
  return Sniffed::kMore;
}

}  // namespace tern
