#include "wire/grpc/stream_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "wire/grpc/message_codec.h"

namespace tern::wire::grpc {

bool StreamReader::next(ByteView& in, std::size_t message_bytes, Compression encoding,
                        Piece& piece) {
  piece = Piece();
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
    piece.flag = static_cast<std::byte>(prefix_.compressed());
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
