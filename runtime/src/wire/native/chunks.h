// Chunks of our frames: how large, and how many, as runtime/README.md has it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tern::wire::native {

// What a sender of this version puts into one.
inline constexpr std::size_t kChunkBytes = 16 * 1024;
// What one may have.
inline constexpr std::size_t kMostChunkBytes = 64 * 1024;
// Messages of one direction that have begun to come in chunks, and are not complete.
inline constexpr std::size_t kMostChunked = 128;

}  // namespace tern::wire::native
