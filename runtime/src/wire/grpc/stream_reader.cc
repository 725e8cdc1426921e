#include "wire/grpc/stream_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "wire/grpc/message_codec.h"

namespace tern::wire::grpc {

namespace {

// Of a message as it is, and of one that is compressed.
constexpr std::array<std::byte, 2> kFlags{std::byte{0}, std::byte{1}};

}  // namespace

bool StreamReader::next(ByteView& in, std::size_t message_bytes, Compression encoding,
                        over_http2::MessagePiece& piece) {
  piece = over_http2::MessagePiece();
  if (stage_ == Stage::kStopped) return false;
  if (stage_ == Stage::kPrefix) {
    if (!prefix_.take(in)) return false;
    piece.refused = prefix_.check(message_bytes, encoding, piece.limit);
    if (!piece.refused.ok()) {
      stop();
      return true;
    }
    left_ = prefix_.message_size();
    stage_ = Stage::kFirst;
  }
  if (left_ > 0 && in.empty()) return false;
  const std::size_t size = std::min(left_, in.size());
  piece.bytes = in.first(size);
  if (stage_ == Stage::kFirst) {
    piece.envelope = ByteView(&kFlags[prefix_.compressed() ? 1 : 0], MessageCodec::kFlagBytes);
    piece.whole = MessageCodec::kFlagBytes + prefix_.message_size();
  }
  in = in.subspan(size);
  left_ -= size;
  piece.continues = left_ > 0;
  stage_ = Stage::kRest;
  if (left_ == 0) {
    prefix_.reset();
    stage_ = Stage::kPrefix;
  }
  return true;
}

Status StreamReader::end() const {
  if (stage_ == Stage::kStopped || (stage_ == Stage::kPrefix && prefix_.have() == 0)) return {};
  if (stage_ == Stage::kPrefix) {
    return Status(Code::kInternal,
                  fmt::format("the body ended after {} bytes of a message's prefix, which has {}",
                              prefix_.have(), MessagePrefix::kSize));
  }
  return Status(Code::kInternal,
                fmt::format("the body ended {} bytes before the end of the message", left_));
}

}  // namespace tern::wire::grpc
