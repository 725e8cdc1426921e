// How a method is called on the wire.
#pragma once

#include <cstdint>
#include <string_view>

namespace rpcgen {

// 32-bit FNV-1a of "package.Service/Method": what the runtime sends instead of the name.
constexpr std::uint32_t method_id(std::string_view full_name) {
  std::uint32_t hash = 2166136261u;
  for (char c : full_name) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 16777619u;
  }
  return hash;
}

}  // namespace rpcgen
