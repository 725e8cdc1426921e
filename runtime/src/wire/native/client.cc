#include "wire/native/client.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "wire/check_limits.h"

namespace tern::wire::native {

// What frames_ has made of `in`, while replies come in chunks.
wire::ClientProtocol::Progress ClientProtocol::next_with_chunks(ByteView in, Progress progress,
                                                                Frame& frame, Status& why) {
  chunks_.free_complete();
  if (progress.step != Step::kFrame) return progress;
  Status failure;
  if (frame.kind == FrameKind::kReplyData) {
    Frames::Header header;
    std::memcpy(&header, in.data(), sizeof header);
    const std::uint64_t size = Frames::kSizeFieldBytes + header.size - Frames::kHeaderBytes;
    failure = chunks_.add(frame.id, header.last, size, frame.body);
    if (failure.ok() && !chunks_.is_first(frame.id, size)) progress.step = Step::kSkip;
  } else if (frame.kind == FrameKind::kReply) {
    failure = chunks_.finish(frame);
  } else if (frame.kind == FrameKind::kError) {
    chunks_.forget(frame.id);
  }
  if (failure.ok()) return progress;
  why = std::move(failure);
  return {Step::kBroken, 0, 0};
}

Status ClientProtocol::write_request(const RequestHead& head, const TypeOps& type,
                                     const void* argument, Buffer& out) {
  Frames::Header header;
  header.kind = static_cast<std::uint8_t>(FrameKind::kRequest);
  header.id = head.id;
  header.name = head.method->id;
  header.last = static_cast<std::uint64_t>(std::max<std::int64_t>(head.timeout.count(), 0));
  std::size_t start = out.size();
  std::byte* place = out.grow(Frames::kHeaderBytes);
  if (head.metadata && !head.metadata->empty()) {
    Frames::put_metadata(*head.metadata, out);
    header.metadata = static_cast<std::uint32_t>(out.size() - start - Frames::kHeaderBytes);
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

void ClientProtocol::write_cancel(std::uint64_t id, Buffer& out) {
  Frames::write_bare(FrameKind::kCancel, id, {}, out);
}

void ClientProtocol::write_ping(std::uint64_t id, Buffer& out) {
  Frames::write_bare(FrameKind::kPing, id, {}, out);
}

void ClientProtocol::write_pong(std::uint64_t id, Buffer& out) {
  Frames::write_bare(FrameKind::kPong, id, {}, out);
}

}  // namespace tern::wire::native
