// What a client speaks on one connection, without I/O: calls in, bytes out, and answers back. A
// class for each protocol implements it, in the protocol's folder.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/message_cutter.h"
#include "tern/buffer.h"
#include "tern/codec.h"
#include "tern/codegen/method.h"
#include "tern/codegen/type_ops.h"
#include "tern/metadata.h"
#include "tern/status.h"
#include "wire/frame.h"

namespace tern::wire {

struct RequestHead {
  std::uint64_t id = 0;
  const Method* method = nullptr;
  std::chrono::nanoseconds timeout{0};
  const Metadata* metadata = nullptr;
  // For a method that streams. The argument may be null: the client streams, and has none.
  bool opens_stream = false;
};

// Reading and writing are independent of one another: two threads may do one each.
class ClientProtocol {
 public:
  using Step = FrameStep;
  using Progress = FrameProgress;

  virtual ~ClientProtocol() = default;

  // --- Reading ---

  // Looks at the front of `in`. Sets `frame` with kFrame, and `why` with kBroken.
  virtual Progress next(ByteView in, Frame& frame, Status& why) = 0;
  // No more is to be read from the server: nothing that was asked for is answered any more.
  virtual bool finished() const noexcept { return false; }

  // Decodes frame.body of a reply. Before the next call of next().
  virtual Status read_body(const Frame& frame, const TypeOps& type, void* result) = 0;
  // Decodes frame.body of an error whose detail_type is type.name. Likewise.
  virtual Status read_detail(const Frame& frame, const TypeOps& type, void* detail) = 0;
  // Of protocols that have it.
  virtual Status read_metadata(const Frame&, Metadata&) { return {}; }
  // Nobody waits for the reply of this call any more: what comes of it need not be kept. After
  // FrameKind::kReplyData, which tells of a reply's first chunk, or at any later time.
  virtual void drop_reply(std::uint64_t) noexcept {}

  // --- Writing ---

  // Appends one request to `out`, or fails and leaves `out` as it was.
  virtual Status write_request(const RequestHead& head, const TypeOps& type, const void* argument,
                               Buffer& out) = 0;
  // Of the request that write_request() has appended last: how many bytes at its end its server can
  // do without, such as the newline behind an object of JSON. What comes before them is the least
  // that a handler can have run for.
  virtual std::size_t request_tail() const noexcept { return 0; }

  // How requests may be cut into chunks. Null: one that has been written is one piece. It may be
  // null until the server has answered the handshake.
  virtual base::MessageCutter* cutter() noexcept { return nullptr; }

  // --- Streams: of protocols that have them ---

  // Whether the connection carries streams: both sides have said so. False until the server has
  // answered the handshake.
  virtual bool has_streams() const noexcept { return false; }
  // The first window of each stream for what the client sends: the server has granted it.
  virtual std::uint64_t stream_window() const noexcept { return 0; }
  // The same for what the server sends, as the handshake of the connection said; 0: as the limits
  // of this side have it.
  virtual std::uint64_t own_window() const noexcept { return 0; }
  // How the messages of streams are written.
  virtual const Codec& message_codec() const noexcept { return native_codec(); }
  // As ServerProtocol has it.
  virtual bool has_credit() const noexcept { return true; }
  // Whether write_cancel() has no words for this call, which is a stream that has not ended: then
  // the server learns of it by the end of the connection.
  virtual bool cancel_ends_connection(std::uint64_t) const { return false; }
  virtual void write_stream_data(const StreamPiece&, Buffer&) {}
  // The server may send so many bytes more on this stream; 1 or more.
  virtual void write_credit(std::uint64_t /*id*/, std::uint64_t /*bytes*/, Buffer&) {}

  // --- The connection ---

  // Whether a server that is silent can be asked whether it lives.
  virtual bool has_pings() const noexcept { return false; }
  // Of no effect in protocols that do not have them.
  virtual void write_cancel(std::uint64_t, Buffer&) {}
  virtual void write_ping(std::uint64_t, Buffer&) {}
  virtual void write_pong(std::uint64_t, Buffer&) {}
};

}  // namespace tern::wire
