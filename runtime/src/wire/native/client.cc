#include "wire/native/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "wire/check_limits.h"
#include "wire/native/chunks.h"

namespace tern::wire::native {

// next() of what is not plain, or while replies come in chunks.
wire::ClientProtocol::Progress ClientProtocol::next_of_more(ByteView in, Frame& frame,
                                                            Status& why) {
  Progress progress = frames_.next(in, frame, why);
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
  } else if (frame.kind == FrameKind::kRequestStreamData || frame.kind == FrameKind::kReplyCredit ||
             frame.kind == FrameKind::kRequestData) {
    failure = Status(Code::kInternal,
                     fmt::format("frame: kind {} came from a server; its data and credit are kinds "
                                 "10, 11 and 12",
                                 static_cast<int>(frame.kind)),
                     HandlerRan::kUnknown);
  }
  if (failure.ok()) return progress;
  why = std::move(failure);
  return {Step::kBroken, 0, 0};
}

Status ClientProtocol::write_request(const RequestHead& head, const TypeOps& type,
                                     const void* argument, Buffer& out) {
  Frames::Header header;
  header.kind = static_cast<std::uint8_t>(FrameKind::kRequest);
  if (head.opens_stream) {
    if (server_streams(head.method->kind)) header.flags |= Frames::kServerStreams;
    if (client_streams(head.method->kind)) header.flags |= Frames::kClientStreams;
  }
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
  if (!argument) {
    Frames::end_frame(start, out);
    return {};
  }
  return frames_.write_body(type, argument, start, out);
}

base::MessageCutter::Rules ClientProtocol::rules() const noexcept {
  return cutter_rules(peer_.chunked_bytes);
}

std::size_t ClientProtocol::write_chunk(ByteView message, std::size_t taken, Buffer& out) {
  return write_next_chunk(FrameKind::kRequest, FrameKind::kRequestData, message, taken, out);
}

void ClientProtocol::write_stream_data(const StreamPiece& piece, Buffer& out) {
  Frames::write_stream_data(FrameKind::kRequestStreamData, piece, out);
}

void ClientProtocol::write_credit(std::uint64_t id, std::uint64_t bytes, Buffer& out) {
  Frames::write_credit(FrameKind::kReplyCredit, id, bytes, out);
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
