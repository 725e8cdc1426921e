// Chunks of our frames: how large, how many, and how a message is cut, as runtime/README.md has it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/message_cutter.h"
#include "tern/buffer.h"
#include "wire/frame.h"

namespace tern::wire::native {

// What a sender of this version puts into one.
inline constexpr std::size_t kChunkBytes = 16 * 1024;
// What one may have.
inline constexpr std::size_t kMostChunkBytes = 64 * 1024;
// Messages of one direction that have begun to come in chunks, and are not complete.
inline constexpr std::size_t kMostChunked = 128;

// What both directions keep to, for a peer that reads so many bytes in chunks.
base::MessageCutter::Rules cutter_rules(std::uint64_t peer_chunked_bytes) noexcept;
// As base::MessageCutter has it, for a message that is one frame, of which those of kind `cut` are
// cut: its body goes first, in frames of kind `data`; the last of it is in the frame itself, with
// the metadata. A request that opens a stream is whole.
std::size_t write_next_chunk(FrameKind cut, FrameKind data, ByteView message, std::size_t taken,
                             Buffer& out);

}  // namespace tern::wire::native
