#include "wire/native/server.h"

#include <fmt/format.h>

#include <cstring>
#include <utility>

#include "wire/native/chunks.h"

namespace tern::wire::native {

// next() of what is not plain, or while requests come in chunks.
ServerProtocol::Progress ServerProtocol::next_of_more(ByteView in, Frame& frame, Status& why) {
  const Progress progress = frames_.next(in, frame, why);
  if (chunks_) chunks_->free_complete();
  if (progress.step != Step::kFrame) return progress;
  switch (frame.kind) {
    case FrameKind::kRequestData:
      return add_chunk(in, progress, frame, why);
    case FrameKind::kRequest:
      if (frame.opens_stream && !has_streams() && frame.refused.ok()) {
        frame.refused = Status(Code::kUnimplemented,
                               "the request opens a stream, and the handshake of this connection "
                               "has none",
                               HandlerRan::kNo);
      }
      return chunks_ ? finish_chunks(progress, frame, why) : progress;
    case FrameKind::kCancel:
      // The rest of the request does not come.
      if (chunks_) chunks_->forget(frame.id);
      return progress;
    case FrameKind::kReplyStreamData:
    case FrameKind::kRequestCredit:
      why = Status(Code::kInternal,
                   fmt::format("frame: kind {} came from a client; its data and credit of streams "
                               "are kinds 8 and 9",
                               static_cast<int>(frame.kind)),
                   HandlerRan::kUnknown);
      return {Step::kBroken, 0, 0};
    default:
      return progress;
  }
}

// The session learns of a request when it is complete.
ServerProtocol::Progress ServerProtocol::add_chunk(ByteView in, Progress progress,
                                                   const Frame& frame, Status& why) {
  if (!chunks_) chunks_ = std::make_unique<ChunkedMessages>("request", frames_.limits());
  Frames::Header header;
  std::memcpy(&header, in.data(), sizeof header);
  const std::uint64_t size = Frames::kSizeFieldBytes + header.size - Frames::kHeaderBytes;
  if (Status failure = chunks_->add(frame.id, header.last, size, frame.body); !failure.ok()) {
    why = std::move(failure);
    return {Step::kBroken, 0, 0};
  }
  progress.step = Step::kSkip;
  return progress;
}

ServerProtocol::Progress ServerProtocol::finish_chunks(Progress progress, Frame& frame,
                                                       Status& why) {
  if (Status failure = chunks_->finish(frame); !failure.ok()) {
    why = std::move(failure);
    return {Step::kBroken, 0, 0};
  }
  return progress;
}

Status ServerProtocol::write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                                   Buffer& out) {
  Frames::Header header;
  header.kind = static_cast<std::uint8_t>(FrameKind::kReply);
  header.id = head.id;
  std::size_t start = out.size();
  std::byte* place = out.grow(Frames::kHeaderBytes);
  if (head.metadata && !head.metadata->empty()) {
    Frames::put_metadata(*head.metadata, out);
    header.metadata = static_cast<std::uint32_t>(out.size() - start - Frames::kHeaderBytes);
    place = out.data() + start;
  }
  std::memcpy(place, &header, sizeof header);
  return frames_.write_body(type, value, start, out);
}

void ServerProtocol::write_error(const ReplyHead& head, const Status& status, Buffer& out) {
  const TypeOps* detail = status.detail_type();
  std::size_t start = out.size();
  for (;;) {
    Frames::Header header;
    header.kind = static_cast<std::uint8_t>(FrameKind::kError);
    header.code = static_cast<std::uint8_t>(status.code());
    header.ran = static_cast<std::uint8_t>(status.handler_ran());
    header.id = head.id;
    std::string_view name = detail ? detail->name : std::string_view();
    header.name = static_cast<std::uint32_t>(name.size());
    // An error is worth more than its whole text: one that does not fit is cut.
    std::string_view message = status.message().substr(0, frames_.peer_message_bytes());
    header.last = message.size();
    out.grow(Frames::kHeaderBytes);
    out.append(name);
    std::size_t before = out.size();
    if (head.metadata) Frames::put_metadata(*head.metadata, out);
    header.metadata = static_cast<std::uint32_t>(out.size() - before);
    out.append(message);
    std::memcpy(out.data() + start, &header, sizeof header);
    if (!detail) break;
    if (frames_.write_body(*detail, status.detail_value(), start, out).ok()) return;
    detail = nullptr;  // cannot be encoded: the rest of the error goes without it
  }
  Frames::end_frame(start, out);
}

void ServerProtocol::write_broken(const Status& why, Buffer& out) {
  write_going_away(why.message(), out);
}

bool ServerProtocol::write_ping(std::uint64_t id, Buffer& out) {
  Frames::write_bare(FrameKind::kPing, id, {}, out);
  return true;
}

void ServerProtocol::write_pong(std::uint64_t id, Buffer& out) {
  Frames::write_bare(FrameKind::kPong, id, {}, out);
}

void ServerProtocol::write_going_away(std::string_view message, Buffer& out) {
  Frames::write_bare(FrameKind::kGoingAway, 0, message, out);
}

base::MessageCutter::Rules ServerProtocol::rules() const noexcept {
  return cutter_rules(peer_.chunked_bytes);
}

// Errors are not cut.
std::size_t ServerProtocol::write_chunk(ByteView message, std::size_t taken, Buffer& out) {
  return write_next_chunk(FrameKind::kReply, FrameKind::kReplyData, message, taken, out);
}

void ServerProtocol::write_stream_data(const StreamPiece& piece, Buffer& out) {
  Frames::write_stream_data(FrameKind::kReplyStreamData, piece, out);
}

void ServerProtocol::write_credit(std::uint64_t id, std::uint64_t bytes, Buffer& out) {
  Frames::write_credit(FrameKind::kRequestCredit, id, bytes, out);
}

void ServerProtocol::write_initial_metadata(std::uint64_t id, const Metadata& metadata,
                                            Buffer& out) {
  Frames::write_initial_metadata(id, metadata, out);
}

Status ServerProtocol::unknown_method(std::uint64_t /*id*/, std::string_view name,
                                      UnknownMethod why) {
  return gee_rpc_unknown_method(name, why);
}

}  // namespace tern::wire::native
