// How messages are compressed on the wire.
#pragma once

#include <cstdint>

#include "tern/version.h"

namespace tern {

enum class Compression : std::uint8_t {
  kIdentity,  // not at all
  kGzip       // RFC 1952
};

}  // namespace tern
