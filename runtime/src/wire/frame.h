// What both sides of a connection know of a frame, whatever the protocol is.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tern/buffer.h"
#include "tern/codegen/method.h"
#include "tern/status.h"
#include "wire/check_limits.h"

namespace tern::wire {

enum class FrameKind : std::uint8_t {
  kRequest = 1,
  kReply = 2,
  kError = 3,
  kCancel = 4,
  kPing = 5,
  kPong = 6,
  kGoingAway = 7,
  kRequestStreamData = 8,  // of the client: a message of its side of a stream, or a chunk of one
  kReplyCredit = 9,        // of the client: the server may send so much more of a stream
  kReplyData = 10,         // a chunk of a reply that is not the last, which is in the reply itself
  kReplyStreamData = 11,   // of the server: what kRequestStreamData is of the client
  kRequestCredit = 12,     // of the server: the client may send so much more of a stream
  kRequestData = 13,  // a chunk of a request that is not the last, which is in the request itself
  kPage = 64,         // HTTP only: a request for something that is no call, with any verb
};

// One frame as it was read. Views are good until the bytes that were parsed are.
struct Frame {
  Frame() = default;
  FrameKind kind = FrameKind::kRequest;
  std::uint64_t id = 0;
  std::uint32_t method_id = 0;          // requests; 0 and a name if it is called by name
  std::string_view method_name;         // or a page's path, with its query
  std::chrono::nanoseconds timeout{0};  // requests: the time left; 0: no limit
  bool idempotent_only = false;         // requests: an HTTP GET
  bool opens_stream = false;            // requests: `body` is the argument, if there is one
  // Of a request that opens a stream: which sides stream, as the client has it; kUnary: the
  // protocol does not say.
  MethodKind called_as = MethodKind::kUnary;
  // Likewise: its answer comes when all of the request has.
  bool half_duplex = false;
  // Data and credit of streams; in frames of other kinds these say nothing. A message comes whole
  // or in chunks, one frame each; they are not put together here. See is_message().
  bool continues = false;         // more chunks of the message follow
  bool ends_side = false;         // the sender's side of the stream ends, behind the message if any
  bool initial_metadata = false;  // `metadata` is what there is: it is no message
  std::uint64_t whole = 0;        // the message's length, in its first chunk; 0 in the others
  std::uint64_t credit = 0;       // credit: how many bytes more may be sent
  Code code = Code::kOk;          // errors
  HandlerRan ran = HandlerRan::kUnknown;  // errors
  std::string_view message;               // errors, going away
  bool too_many_pings = false;            // going away: the client is to ping less
  std::string_view detail_type;           // errors: the declared error's name, or ""
  ByteView metadata;                      // see read_metadata()
  ByteView body;
  std::string_view verb;  // pages: "GET", "HEAD", …
  // Set if the frame broke a limit: it is read past, and the call of its id is to fail with this.
  // Of a stream's message it is set in the first chunk, whose bytes are in `body` all the same:
  // what follows of that message comes as ever, and whoever reads the frames drops it.
  Status refused;
  FrameLimit limit = FrameLimit::kNone;  // with `refused`: which one
};

// Of data of streams: whether the frame has a message, or a chunk of one. If not, it is a
// half-close alone, or initial metadata.
inline bool is_message(const Frame& frame) noexcept {
  if (frame.initial_metadata) return false;
  return !frame.ends_side || frame.whole > 0 || !frame.body.empty();
}

// What a message of `bytes` bytes takes of the window of its stream, when it is sent and when it is
// read: also an empty one takes something, so that a window bounds the number of messages. Of one
// that comes in chunks the first chunk costs stream_cost() of its own bytes, the others their
// bytes.
constexpr std::uint64_t stream_cost(std::uint64_t bytes) noexcept {
  return 32 + bytes;
}

// A frame of a stream's data, to be written.
struct StreamPiece {
  std::uint64_t id = 0;
  ByteView bytes;           // of the message, encoded
  std::uint64_t whole = 0;  // the length of the message; only the first piece says it
  bool first = true;        // the message begins here
  bool continues = false;   // and does not end here
  bool ends_side = false;   // a client's side of the stream ends behind this
  bool message = true;      // false: `bytes` is empty, and there is nothing but the end of a side
};

// What a look at the front of a connection's bytes has found.
enum class FrameStep : std::uint8_t {
  kMore,    // there is no whole frame: `wanted` says how many bytes one needs, if that is known
  kFrame,   // a frame is there
  kSkip,    // bytes were consumed, there was no frame in them
  kAnswer,  // a server's side: what came is no call, and write_answer() has the answer to it
  kBroken   // the reason is set; the connection cannot go on
};
struct FrameProgress {
  FrameStep step = FrameStep::kMore;
  std::size_t consumed = 0;
  std::size_t wanted = 0;
};

}  // namespace tern::wire
