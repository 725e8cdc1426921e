#include "wire/native/chunks.h"

#include <cstring>

#include "wire/native/frames.h"

namespace tern::wire::native {

base::MessageCutter::Rules cutter_rules(std::uint64_t peer_chunked_bytes) noexcept {
  base::MessageCutter::Rules rules;
  rules.whole_bytes = Frames::kHeaderBytes + kChunkBytes;
  rules.begun_messages = kMostChunked;
  rules.begun_bytes = static_cast<std::size_t>(peer_chunked_bytes);
  return rules;
}

std::size_t write_next_chunk(FrameKind cut, FrameKind data, ByteView message, std::size_t taken,
                             Buffer& out) {
  Frames::Header header;
  std::memcpy(&header, message.data(), sizeof header);
  const std::size_t head = Frames::kHeaderBytes + header.metadata;
  const ByteView body = message.subspan(head).subspan(taken);
  if (header.kind == static_cast<std::uint8_t>(cut) && header.flags == 0 &&
      body.size() > kChunkBytes) {
    Frames::write_chunk(data, header.id, taken == 0 ? body.size() : 0, body.first(kChunkBytes),
                        out);
    return kChunkBytes;
  }
  const std::size_t start = out.size();
  out.reserve(message.size() - taken);
  out.append(message.first(head));
  out.append(body);
  Frames::end_frame(start, out);
  return message.size() - taken;
}

}  // namespace tern::wire::native
