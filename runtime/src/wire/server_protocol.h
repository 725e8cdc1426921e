// What a server speaks on one connection, without I/O: bytes in, requests out, and answers back. A
// class for each protocol implements it, in the protocol's folder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

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
#include "wire/unknown_method.h"

namespace tern::wire {

struct ReplyHead {
  std::uint64_t id = 0;
  const Method* method = nullptr;  // null when an error answers a request for an unknown method
  const Metadata* metadata = nullptr;
  // Of a stream: what is written waits behind its messages, and is given to write_stream_end() in
  // its turn. Else it leaves at once.
  bool ends_stream = false;
};

// What a server answers to a request that is no call, such as a page for people. Views are good
// during write_page().
struct Page {
  Page() = default;
  int status = 200;  // as HTTP has it
  std::string_view content_type;
  // What is sent besides Content-Type and Content-Length. Checked: a header can carry them.
  std::span<const std::pair<std::string_view, std::string_view>> headers;
  std::string_view body;  // in full for HEAD too, which is answered with its length alone
};

// For one thread, but for what says otherwise.
class ServerProtocol {
 public:
  using Step = FrameStep;
  using Progress = FrameProgress;

  virtual ~ServerProtocol() = default;

  // How bodies are written, for people. A constant; from any thread.
  virtual std::string_view codec() const noexcept = 0;

  // --- Reading ---

  // The time of the bytes that next() is given from now on, for protocols that count by it.
  virtual void set_time(Clock::TimePoint) noexcept {}
  // Looks at the front of `in`. Sets `frame` with kFrame, and `why` with kBroken.
  virtual Progress next(ByteView in, Frame& frame, Status& why) = 0;
  // Whether the next frame has begun although all bytes so far are consumed.
  virtual bool in_frame() const noexcept { return false; }
  // Whether next() may be called. False in protocols that answer in the order of the requests,
  // until the answer has been written; and while calls that run keep too much memory.
  virtual bool ready() const noexcept { return true; }
  // No more is to be read from the client: what is asked for is to be answered, then comes the end.
  virtual bool finished() const noexcept { return false; }

  // Decodes frame.body of a request, which may be a copy of what next() has given. Before the next
  // call of next(), but for protocols with has_control_frames().
  virtual Status read_body(const Frame& frame, const TypeOps& type, void* argument) = 0;
  // Memory that the argument which read_body() has just filled keeps from those to come, until it
  // is given back. While much is kept, a protocol that minds is not ready().
  std::size_t memory_kept() const noexcept { return memory_kept_; }
  virtual void give_back_memory(std::size_t) noexcept {}
  // Of protocols that have it.
  virtual Status read_metadata(const Frame&, Metadata&) { return {}; }

  // --- Writing: each appends one frame to `out`, or fails and leaves `out` as it was ---

  // What was written and is not in any `out` yet, since the client's windows have no room for it.
  std::size_t held_bytes() const noexcept { return held_bytes_; }

  virtual Status write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                             Buffer& out) = 0;
  virtual void write_error(const ReplyHead& head, const Status& status, Buffer& out) = 0;
  // After Step::kAnswer.
  virtual void write_answer(Buffer&) {}
  // The answer to the FrameKind::kPage of that id.
  virtual void write_page(std::uint64_t /*id*/, const Page&, Buffer&) {}
  // The last words to a client that cannot be understood, after Step::kBroken.
  virtual void write_broken(const Status&, Buffer&) {}
  // Asks the client for a kPong. False: there are no words for it.
  virtual bool write_ping(std::uint64_t, Buffer&) { return false; }
  // The answer to FrameKind::kPing.
  virtual void write_pong(std::uint64_t, Buffer&) {}
  // The server takes no new calls. Of no effect in protocols that have no words for it.
  virtual void write_going_away(std::string_view, Buffer&) {}
  // Whether the client then makes another connection for its calls, and reads on here.
  virtual bool moves_clients() const noexcept { return false; }

  // --- Streams: of protocols that have them ---

  // Whether the connection carries streams: both sides have said so.
  virtual bool has_streams() const noexcept { return false; }
  // The first window of each stream for what the server sends: the client has granted it.
  virtual std::uint64_t stream_window() const noexcept { return 0; }
  // The same for what the client sends, as the handshake of the connection said; 0: as the limits
  // of this side have it.
  virtual std::uint64_t own_window() const noexcept { return 0; }
  // How the messages of streams are written.
  virtual const Codec& message_codec() const noexcept { return native_codec(); }
  // What keeps message_codec() alive, if it may end before a stream: a handler may read what has
  // come while its connection ends.
  virtual std::shared_ptr<const void> codec_owner() const noexcept { return {}; }
  // Pieces may stay here until end_stream_data(), so that many leave as one.
  virtual void write_stream_data(const StreamPiece&, Buffer&) {}
  virtual void end_stream_data(Buffer&) {}
  // Behind all messages: `end` is what write_reply() or write_error() made for ReplyHead::
  // ends_stream. The stream is over with it.
  virtual void write_stream_end(std::uint64_t /*id*/, ByteView end, Buffer& out) {
    out.append(end);
  }
  // Whether the client minds the silence of a stream. write_heartbeat() says that it goes on; what
  // it appends is short.
  virtual bool wants_heartbeats(std::uint64_t /*id*/) const noexcept { return false; }
  virtual void write_heartbeat(std::uint64_t /*id*/, Buffer&) {}
  // Whether write_credit() has words. If not, a client sends what it likes, and is slowed down by
  // not being read from: see stream::Flow.
  virtual bool has_credit() const noexcept { return true; }
  // What a message takes of a window beside its bytes.
  virtual std::uint8_t message_cost() const noexcept { return stream_cost(0); }
  // How many of the bytes of a message are not its own: Limits::message_bytes does not count them.
  virtual std::uint8_t message_envelope() const noexcept { return 0; }
  // Whether write_stream_data() may be called: what is written leaves at once, but for what windows
  // of single streams say.
  virtual bool takes_stream_data() const noexcept { return true; }
  // The client may send so many bytes more on this stream; 1 or more.
  virtual void write_credit(std::uint64_t /*id*/, std::uint64_t /*bytes*/, Buffer&) {}
  // Before the first message.
  virtual void write_initial_metadata(std::uint64_t /*id*/, const Metadata&, Buffer&) {}

  // Whether all that is written must leave in its order: nothing short may pass. A constant.
  virtual bool keeps_order() const noexcept { return false; }
  // How replies may be cut into chunks. Null: one that has been written is one piece, and leaves
  // after those that were written before it. The same as long as the protocol lives.
  virtual base::MessageCutter* cutter() noexcept { return nullptr; }

  // How what answers this request is compressed, from now on. Of protocols that compress, as far as
  // the client reads it.
  virtual void set_compression(std::uint64_t /*id*/, Compression) noexcept {}

  // The code of a call whose argument, or a message of whose stream, cannot be read. One that is
  // too long is kResourceExhausted in all protocols.
  virtual Code unreadable(std::uint64_t /*id*/) const noexcept { return Code::kInvalidArgument; }

  // The error for a request that leads to no handler, in the words of the protocol. Its answer
  // follows at once.
  virtual Status unknown_method(std::uint64_t id, std::string_view name, UnknownMethod why) = 0;

  // --- What the protocol can do ---

  // What it means that the client has closed its side. False: it has left, and nobody waits for its
  // calls. True: it only asks for nothing more, and reads on.
  virtual bool honours_half_close() const noexcept { return false; }
  // Whether a client sends more than requests, which must be read while requests wait: cancels,
  // pings. A request of such a protocol can be read later from a copy of its frame.
  virtual bool has_control_frames() const noexcept { return false; }
  // Whether metadata travels with replies.
  virtual bool has_metadata() const noexcept { return false; }

 protected:
  // What memory_kept() says; read_body() sets it. Not virtual: it is asked for every request.
  std::size_t memory_kept_ = 0;
  // Likewise: what held_bytes() says.
  std::size_t held_bytes_ = 0;
};

}  // namespace tern::wire
