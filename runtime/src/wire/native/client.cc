#include "wire/native/client.h"

#include <algorithm>
#include <cstring>

#include "wire/check_limits.h"

namespace tern {

Status NativeClientProtocol::write_request(const RequestHead& head, const TypeOps& type,
                                           const void* argument, Buffer& out) {
  NativeFrames::Header header;
  header.kind = static_cast<std::uint8_t>(FrameKind::kRequest);
  header.id = head.id;
  header.name = head.method->id;
  header.last = static_cast<std::uint64_t>(std::max<std::int64_t>(head.timeout.count(), 0));
  std::size_t start = out.size();
  std::byte* place = out.grow(NativeFrames::kHeaderBytes);
  if (head.metadata && !head.metadata->empty()) {
    NativeFrames::put_metadata(*head.metadata, out);
    header.metadata = static_cast<std::uint32_t>(out.size() - start - NativeFrames::kHeaderBytes);
    place = out.data() + start;
    if (header.metadata > frames_.limits().metadata_bytes) {
      out.truncate(start);
      return too_large("the metadata", header.metadata, frames_.limits().metadata_bytes);
    }
  }
  std::memcpy(place, &header, sizeof header);
  request_body_ = out.size();
  return frames_.write_body(type, argument, start, out);
}

void NativeClientProtocol::write_cancel(std::uint64_t id, Buffer& out) {
  NativeFrames::write_bare(FrameKind::kCancel, id, {}, out);
}

void NativeClientProtocol::write_ping(std::uint64_t id, Buffer& out) {
  NativeFrames::write_bare(FrameKind::kPing, id, {}, out);
}

void NativeClientProtocol::write_pong(std::uint64_t id, Buffer& out) {
  NativeFrames::write_bare(FrameKind::kPong, id, {}, out);
}

}  // namespace tern
