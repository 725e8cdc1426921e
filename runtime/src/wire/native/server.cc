#include "wire/native/server.h"

#include <cstring>

#include "wire/native/chunks.h"

namespace tern::wire::native {

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

void ServerProtocol::write_pong(std::uint64_t id, Buffer& out) {
  Frames::write_bare(FrameKind::kPong, id, {}, out);
}

void ServerProtocol::write_going_away(std::string_view message, Buffer& out) {
  Frames::write_bare(FrameKind::kGoingAway, 0, message, out);
}

base::MessageCutter::Rules ServerProtocol::rules() const noexcept {
  return {.whole_bytes = Frames::kHeaderBytes + kChunkBytes,
          .begun_messages = kMostChunked,
          .begun_bytes = peer_.chunked_bytes};
}

// The body goes first, in frames of data; the last of it is in the reply, with the metadata. Errors
// are not cut.
std::size_t ServerProtocol::write_chunk(ByteView message, std::size_t taken, Buffer& out) {
  Frames::Header header;
  std::memcpy(&header, message.data(), sizeof header);
  const std::size_t head = Frames::kHeaderBytes + header.metadata;
  const ByteView body = message.subspan(head).subspan(taken);
  if (header.kind == static_cast<std::uint8_t>(FrameKind::kReply) && body.size() > kChunkBytes) {
    Frames::write_chunk(header.id, taken == 0 ? body.size() : 0, body.first(kChunkBytes), out);
    return kChunkBytes;
  }
  const std::size_t start = out.size();
  out.reserve(message.size() - taken);
  out.append(message.first(head));
  out.append(body);
  Frames::end_frame(start, out);
  return message.size() - taken;
}

Status ServerProtocol::unknown_method(std::string_view name, UnknownMethod why) {
  return gee_rpc_unknown_method(name, why);
}

}  // namespace tern::wire::native
