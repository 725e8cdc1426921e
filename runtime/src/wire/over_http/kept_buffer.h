// Buffers of connections over HTTP, which are idle for long.
#pragma once

#include <cstddef>

#include "tern/buffer.h"

namespace tern::wire::over_http {

// One that has grown beyond this is not kept between requests.
inline constexpr std::size_t kKeptBytes = 2048;

// Empties the buffer, and gives its memory back if it is more than is kept.
inline void clear_kept(Buffer& buffer) noexcept {
  buffer.clear();
  if (buffer.capacity() > kKeptBytes) buffer.release();
}

}  // namespace tern::wire::over_http
