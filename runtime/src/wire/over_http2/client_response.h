// One response of HTTP/2 while it comes to a client, as the protocol of its call reads it.
#pragma once

#include <cstddef>
#include <optional>

#include "http2/session.h"
#include "tern/buffer.h"
#include "tern/codegen/type_ops.h"
#include "tern/status.h"
#include "wire/frame.h"
#include "wire/over_http2/message_piece.h"
#include "wire/over_http2/stream_reset.h"

namespace tern::wire::over_http2 {

// No I/O. What comes behind its end says nothing.
class ClientResponse {
 public:
  ClientResponse() = default;
  ClientResponse(const ClientResponse&) = delete;
  ClientResponse& operator=(const ClientResponse&) = delete;
  virtual ~ClientResponse() = default;

  // The head, one with a status below 200, or the trailers have come.
  virtual void add_head(const http2::Head& head) = 0;
  // Takes from the front of a part of the body. True: there is a piece, of a message that is given
  // as it comes, or with a refusal. False: there is nothing more in `bytes`.
  virtual bool next(ByteView& bytes, MessagePiece& piece) = 0;
  // How many bytes have been taken since that are in no message that is given as it comes: the
  // server may send as many more.
  virtual std::size_t take_own_bytes() noexcept { return 0; }
  // Of one message that is gathered: what is in memory of it, and how much is still to come;
  // nothing, if that is not known.
  virtual std::size_t gathered() const noexcept { return 0; }
  virtual std::optional<std::size_t> to_come() const noexcept { return std::nullopt; }
  // The server's side of the stream has ended, and no head has said so.
  virtual void end_body() = 0;
  virtual void reset(const StreamReset& why) = 0;

  // The metadata ahead of the messages, as frames have it; empty if there is none.
  virtual ByteView initial_metadata() const noexcept = 0;

  // Whether nothing more is to come: the outcome stands.
  virtual bool complete() const noexcept = 0;
  // Whether the server has ended it, as its protocol has it.
  virtual bool ended_well() const noexcept = 0;
  // Sets `frame`, a reply to its call, to the outcome. Views are into this.
  virtual void put_outcome(Frame& frame) = 0;
  // Decodes the body of that frame.
  virtual Status read_body(ByteView body, const TypeOps& type, void* result) const = 0;
};

}  // namespace tern::wire::over_http2
