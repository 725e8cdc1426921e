// A message of a stream as it comes in the body of HTTP/2.
#pragma once

#include <cstdint>

#include "tern/buffer.h"
#include "tern/status.h"
#include "wire/check_limits.h"

namespace tern::wire::over_http2 {

// A message, or a chunk of one; or why nothing more is read.
struct MessagePiece {
  ByteView envelope;        // what the stream's codec has before the bytes of a first chunk
  ByteView bytes;           // of what has come
  std::uint64_t whole = 0;  // the message's length with its envelope; 0: it is not the first chunk
  bool continues = false;
  Status refused;
  FrameLimit limit = FrameLimit::kNone;
};

}  // namespace tern::wire::over_http2
