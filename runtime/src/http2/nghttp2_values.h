// What nghttp2 takes.
#pragma once

#include <nghttp2/nghttp2.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "http2/session.h"
#include "http2/session_memory.h"

namespace tern::http2 {

inline const std::uint8_t* as_uint8(const void* bytes) noexcept {
  return static_cast<const std::uint8_t*>(bytes);
}

// Views of the fields: nghttp2 copies them.
inline std::vector<nghttp2_nv> name_values(const Fields& fields) {
  std::vector<nghttp2_nv> result;
  result.reserve(fields.size());
  for (const auto& [name, value] : fields) {
    // nghttp2 does not write through these.
    result.push_back({const_cast<std::uint8_t*>(as_uint8(name.data())),
                      const_cast<std::uint8_t*>(as_uint8(value.data())), name.size(), value.size(),
                      NGHTTP2_NV_FLAG_NONE});
  }
  return result;
}

inline SessionMemory& memory_of(void* user) noexcept {
  return *static_cast<SessionMemory*>(user);
}
// `memory` outlives what nghttp2 makes with it.
inline nghttp2_mem allocator_of(SessionMemory& memory) noexcept {
  nghttp2_mem functions{};
  functions.mem_user_data = &memory;
  functions.malloc = [](std::size_t size, void* user) { return memory_of(user).allocate(size); };
  functions.free = [](void* at, void* user) { memory_of(user).release(at); };
  functions.calloc = [](std::size_t count, std::size_t each, void* user) {
    return memory_of(user).allocate_zeros(count, each);
  };
  functions.realloc = [](void* at, std::size_t size, void* user) {
    return memory_of(user).reallocate(at, size);
  };
  return functions;
}

// Where nghttp2 finds the body of a message.
struct BodySource {
  nghttp2_data_provider provider{};
};

}  // namespace tern::http2
