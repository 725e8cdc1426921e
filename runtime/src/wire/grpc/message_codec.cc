#include "wire/grpc/message_codec.h"

#include "wire/grpc/compression.h"

namespace tern::wire::grpc {

Status encode_message(const Codec& codec, const TypeOps& type, const void* value, Compression how,
                      Buffer& out, bool& compressed) {
  const std::size_t start = out.size();
  compressed = false;
  Status failure = codec.encode(type, value, out);
  if (!failure.ok() || how == Compression::kIdentity) return failure;
  Buffer packed;
  if (!gzip(out.view().subspan(start), packed)) return {};
  out.truncate(start);
  out.append(packed.view());
  compressed = true;
  return {};
}

Status unpack_message(bool compressed, ByteView in, std::size_t message_bytes, Buffer& room,
                      ByteView& message) {
  message = in;
  if (!compressed) return {};
  room.clear();
  Status failure = gunzip(in, message_bytes, room);
  message = room.view();
  return failure;
}

Status MessageCodec::encode(const TypeOps& type, const void* value, Buffer& out) const {
  const std::size_t flag = out.size();
  out.push_back(std::byte{0});
  bool compressed = false;
  Status failure =
      encode_message(inner_, type, value, how_.load(std::memory_order_relaxed), out, compressed);
  if (compressed) out.data()[flag] = std::byte{1};
  return failure;
}

Status MessageCodec::decode(const TypeOps& type, ByteView in, void* value,
                            const DecodeLimits& limits) const {
  Buffer room;
  ByteView message;
  Status failure = unpack(in, room, message);
  return failure.ok() ? inner_.decode(type, message, value, limits) : failure;
}

// Who fills it in has put a flag before every message.
Status MessageCodec::unpack(ByteView packed, Buffer& room, ByteView& message) const {
  return unpack_message(packed.front() == std::byte{1}, packed.subspan(kFlagBytes), message_bytes_,
                        room, message);
}

}  // namespace tern::wire::grpc
