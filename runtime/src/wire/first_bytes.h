// Whether a connection's first bytes are those of a protocol.
#pragma once

#include <cstdint>

namespace tern::wire {

enum class FirstBytes : std::uint8_t {
  kOthers,  // no
  kMore,    // they can be: too little has come to tell
  kOurs     // yes
};

}  // namespace tern::wire
