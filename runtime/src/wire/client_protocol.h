// What a client speaks on one connection, without I/O: calls in, bytes out, and answers back. A
// class for each protocol implements it, in the protocol's folder.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "base/message_cutter.h"
#include "tern/buffer.h"
#include "tern/clock.h"
#include "tern/codec.h"
#include "tern/codegen/method.h"
#include "tern/codegen/type_ops.h"
#include "tern/compression.h"
#include "tern/metadata.h"
#include "tern/status.h"
#include "wire/frame.h"

namespace tern::wire {

struct RequestHead {
  std::uint64_t id = 0;
  const Method* method = nullptr;
  std::chrono::nanoseconds timeout{0};
  // The same on the clock of set_time().
  Clock::TimePoint deadline = Clock::TimePoint::max();
  const Metadata* metadata = nullptr;
  // Of protocols that compress: of the argument, and of what the client writes to its stream.
  Compression compression = Compression::kIdentity;
  // For a method that streams. The argument may be null: the client streams, and has none.
  bool opens_stream = false;
};

// A request that waited in its protocol has left.
struct SentRequest {
  std::uint64_t id = 0;
  std::uint64_t end = 0;  // among all bytes that the protocol has written: where it ends
};

// Reading and writing are independent of one another: two threads may do one each.
class ClientProtocol {
 public:
  using Step = FrameStep;
  using Progress = FrameProgress;

  virtual ~ClientProtocol() = default;

  // --- Reading ---

  // The time of the bytes that next() is given from now on, for protocols that count by it.
  virtual void set_time(Clock::TimePoint) {}
  // Looks at the front of `in`. Sets `frame` with kFrame, and `why` with kBroken.
  virtual Progress next(ByteView in, Frame& frame, Status& why) = 0;
  // When next() has said kBroken: whether write_answer() can tell the server so.
  virtual bool has_last_words() const { return false; }
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

  // Whether requests, or the ends of them, wait in here until write_answer(), or until the server's
  // windows have room: write_request() may append less than all of one, and any other write_…() may
  // append the rest. A constant.
  virtual bool holds_requests() const noexcept { return false; }
  // With holds_requests(): the next request of which so much has been appended that a handler can
  // run for it; nothing: there is no other one since.
  virtual std::optional<SentRequest> take_sent() noexcept { return std::nullopt; }
  // Likewise: whether this one has not been appended so far.
  virtual bool holds(std::uint64_t /*id*/) const { return false; }
  // Bytes that wait in here.
  std::size_t held_bytes() const noexcept { return held_bytes_; }
  // With holds_requests(), before bytes leave: appends what there is to say, whatever that is. If
  // it throws, the connection is of no use any more.
  virtual void write_answer(Buffer&) {}

  // How requests may be cut into chunks. Null: one that has been written is one piece. It may be
  // null until the server has answered the handshake.
  virtual base::MessageCutter* cutter() noexcept { return nullptr; }

  // --- Streams: of protocols that have them ---

  // Whether the connection carries streams: both sides have said so. False until the server has
  // answered the handshake.
  virtual bool has_streams() const noexcept { return false; }
  // The first window of each stream for what the client sends: the server has granted it.
  virtual std::uint64_t stream_window() const noexcept { return 0; }
  // The same of this stream, whose request has left; from now on what the server grants comes as
  // FrameKind::kRequestCredit. Once a stream; for the thread that reads.
  virtual std::uint64_t begin_stream_window(std::uint64_t /*id*/) { return stream_window(); }
  // The same for what the server sends, as the handshake of the connection said; 0: as the limits
  // of this side have it.
  virtual std::uint64_t own_window() const noexcept { return 0; }
  // How the messages of streams are written.
  virtual const Codec& message_codec() const noexcept { return native_codec(); }
  // The same of this stream alone. Null: it is message_codec(). Before begin_stream_window().
  virtual std::shared_ptr<const Codec> codec_of_stream(std::uint64_t /*id*/) const { return {}; }
  // As ServerProtocol has them.
  virtual bool has_credit() const noexcept { return true; }
  virtual std::uint8_t message_cost() const noexcept { return stream_cost(0); }
  virtual std::uint8_t message_envelope() const noexcept { return 0; }
  virtual bool takes_stream_data() const noexcept { return true; }
  // Whether write_cancel() has no words for this call, which is a stream that has not ended: then
  // the server learns of it by the end of the connection.
  virtual bool cancel_ends_connection(std::uint64_t) const { return false; }
  // Pieces may stay in here until end_stream_data(). The end of a side alone is appended to a
  // buffer of its own, which is given to write_stream_end() behind all messages.
  virtual void write_stream_data(const StreamPiece&, Buffer&) {}
  virtual void end_stream_data(Buffer&) {}
  virtual void write_stream_end(std::uint64_t /*id*/, ByteView end, Buffer& out) {
    out.append(end);
  }
  // The server may send so many bytes more on this stream; 1 or more.
  virtual void write_credit(std::uint64_t /*id*/, std::uint64_t /*bytes*/, Buffer&) {}

  // --- The connection ---

  // Whether a server that is silent can be asked whether it lives.
  virtual bool has_pings() const noexcept { return false; }
  // How long a client is to wait at least before it asks a silent server. 0: as long as it likes.
  virtual std::chrono::nanoseconds least_ping_interval() const noexcept {
    return std::chrono::nanoseconds(0);
  }
  // Of no effect in protocols that do not have them.
  virtual void write_cancel(std::uint64_t, Buffer&) {}
  virtual void write_ping(std::uint64_t, Buffer&) {}
  virtual void write_pong(std::uint64_t, Buffer&) {}

 protected:
  // What held_bytes() says: not virtual, since it is asked for every request. Set by what writes.
  std::size_t held_bytes_ = 0;
};

}  // namespace tern::wire
