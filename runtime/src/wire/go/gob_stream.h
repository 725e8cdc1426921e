// Headers and bodies in gob, one after another, as net/rpc and GeeRPC send them. Here is what both
// sides of a connection do with them.
#pragma once

#include <cstddef>

#include "codec/gob_decoder.h"
#include "codec/gob_encoder.h"
#include "tern/limits.h"
#include "wire/frame.h"
#include "wire/go/rpc_header.h"

namespace tern::wire::go {

class GobStream {
 public:
  // What stands before the bodies of one direction.
  enum class Headers : std::uint8_t { kOfRequests, kOfReplies };

  GobStream(Dialect dialect, Headers incoming, Headers outgoing, const Limits& limits);

  Dialect dialect() const noexcept { return dialect_; }
  const Limits& limits() const noexcept { return limits_; }

  // --- Reading ---

  // As both seams have it; kFrame: a body is there, whose header came last. Sets the frame's id and
  // body, and clears the rest.
  FrameProgress next(ByteView in, Frame& frame, Status& why);
  // After kFrame: the body is over the limit. Refuses the frame if nothing has before.
  void refuse_long_body(Frame& frame) const;
  bool in_frame() const noexcept { return has_header_ || decoder_.reading_past(); }
  // The one that came last; good until the next call of next().
  Header& header() noexcept { return header_; }
  // Whether the body behind header() has come.
  bool header_is_read() const noexcept { return !has_header_; }
  // Decodes the body of the frame that was given out last: `body`, or a copy of it.
  Status read_body(ByteView body, const TypeOps& type, void* value, const DecodeLimits& limits) {
    message_.value = body;
    return decoder_.decode(message_, type, value, limits);
  }
  // What the body that was read last keeps of memory that arrays with few bytes share.
  std::size_t overhead_taken() const noexcept { return decoder_.overhead_taken(); }

  // --- Writing ---

  // Of what write() is to send. It keeps its memory.
  Header& outgoing() noexcept { return written_; }
  void clear_outgoing_error();
  // Appends header and body: both, or neither.
  Status write(const TypeOps& type, const void* value, Buffer& out);

 private:
  Status read_header();

  const Dialect dialect_;
  const bool short_in_;   // headers that come are those of net/rpc's requests
  const bool short_out_;  // headers that go are
  const Limits limits_;

  // Reading.
  codec::GobDecoder decoder_;
  codec::GobMessage message_;  // the body of the frame that was given out last
  Header header_;              // the last one that came
  bool has_header_ = false;    // its body is still to come
  bool too_long_ = false;      // the body that came last

  // Writing.
  codec::GobEncoder encoder_;
  Header written_;
};

}  // namespace tern::wire::go
