// The messages of a client's side of a stream, as they come.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "tern/buffer.h"
#include "tern/compression.h"
#include "tern/status.h"
#include "wire/grpc/message_prefix.h"
#include "wire/over_http2/message_piece.h"

namespace tern::wire::grpc {

// No I/O. A message begins with the flag of its prefix, as a MessageCodec has it.
class StreamReader {
 public:
  // Takes from the front of `in`. False: there is nothing more in it. `encoding`: how messages may
  // be compressed.
  bool next(ByteView& in, std::size_t message_bytes, Compression encoding,
            over_http2::MessagePiece& piece);
  // How much of the message that has begun is still to come. Nothing: none has.
  std::optional<std::size_t> to_come() const noexcept {
    const bool in_message = stage_ == Stage::kFirst || stage_ == Stage::kRest;
    return in_message ? std::optional(left_) : std::nullopt;
  }
  // The body has ended. Not ok: in the middle of a message.
  Status end() const;
  // What comes now does not matter.
  void stop() noexcept { stage_ = Stage::kStopped; }

 private:
  enum class Stage : std::uint8_t {
    kPrefix,
    kFirst,  // of a message nothing has been given yet
    kRest,
    kStopped
  };

  Stage stage_ = Stage::kPrefix;
  MessagePrefix prefix_;
  std::size_t left_ = 0;  // of the message
};

}  // namespace tern::wire::grpc
