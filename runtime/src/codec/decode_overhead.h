// The failure of a value of which too little was sent for what it takes in memory.
#pragma once

#include <cstddef>
#include <limits>
#include <string>

#include "tern/codegen/type_ops.h"

namespace tern::codec {

// Of a value that came in `bytes`, has `taken` memory and needs `more`.
inline std::string too_much_overhead(std::size_t taken, std::size_t more, std::size_t bytes,
                                     const DecodeLimits& limits) {
  constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();
  const std::size_t wanted = more > kMost - taken ? kMost : taken + more;
  return "needs " + std::to_string(wanted) + " bytes of memory for the " + std::to_string(bytes) +
         " that came; the limit is " + std::to_string(limits.memory_for(bytes)) +
         ", 8 for each and " + std::to_string(limits.decode_overhead_bytes) + " (" +
         std::string(limits.overhead_limit) + ")";
}

}  // namespace tern::codec
