// What a client of the session that is fuzzed says of streams, well and badly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "fuzz/session_peer.h"
#include "fuzz/session_script.h"

namespace fuzz {

// Of all clients: no two streams have one number.
class StreamWords {
 public:
  explicit StreamWords(Script& script) noexcept : script_(script) {}

  // What a step says, as the input has it; "" if the peer's protocol has no words for it.
  std::string draw(SessionPeer& peer);

 private:
  enum class Word : std::uint8_t {
    kOpen,
    kMessage,
    kChunk,  // with any numbers
    kHalfClose,
    kCredit,
    kCancel,
    kMuchCredit,   // or none
    kOfTheServer,  // a kind that only a server sends
    kOfNobody,     // for an id that was not opened
    kAnyHeader,    // with any numbers
    kOpenAgain,    // with an id that may be live
    kManyMessages,
    kCount
  };

  std::string draw_frame(SessionPeer& peer);
  std::string draw_open(SessionPeer& peer, std::uint64_t id);
  std::string draw_message(SessionPeer& peer);
  std::string draw_chunk(SessionPeer& peer);
  std::string draw_any_header(SessionPeer& peer);
  std::string draw_http(SessionPeer& peer);
  std::string draw_envelopes(SessionPeer& peer, bool watch);
  // One that was opened before, if there is one.
  std::uint64_t draw_id(const SessionPeer& peer);
  // A letter that handlers know, and what goes with it.
  std::string draw_text();

  Script& script_;
  std::size_t serial_ = 0;  // the last one
};

}  // namespace fuzz
