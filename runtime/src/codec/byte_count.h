// "1 byte", "7 bytes": for messages.
#pragma once

#include <cstddef>
#include <string>

namespace tern::codec {

inline std::string byte_count(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

}  // namespace tern::codec
