// What both sides of a connection know of a frame, whatever the protocol is.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tern/buffer.h"
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
  kStreamData = 8,  // kept for streams: refused today
  kCredit = 9,      // likewise
  kReplyData = 10,  // a chunk of a reply that is not the last, which is in the reply itself
  kPage = 64,       // HTTP only: a request for something that is no call, with any verb
};

// One frame as it was read. Views are good until the bytes that were parsed are.
struct Frame {
  Frame() = default;
  FrameKind kind = FrameKind::kRequest;
  std::uint64_t id = 0;
  std::uint32_t method_id = 0;            // requests; 0 and a name if it is called by name
  std::string_view method_name;           // or a page's path, with its query
  std::chrono::nanoseconds timeout{0};    // requests: the time left; 0: no limit
  bool idempotent_only = false;           // requests: an HTTP GET
  Code code = Code::kOk;                  // errors
  HandlerRan ran = HandlerRan::kUnknown;  // errors
  std::string_view message;               // errors, going away
  std::string_view detail_type;           // errors: the declared error's name, or ""
  ByteView metadata;                      // see read_metadata()
  ByteView body;
  std::string_view verb;  // pages: "GET", "HEAD", …
  // Set if the frame broke a limit: it is read past, and the call of its id is to fail with this.
  Status refused;
  FrameLimit limit = FrameLimit::kNone;  // with `refused`: which one
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
