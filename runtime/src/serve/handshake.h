// The first bytes of a connection: which protocol, and what its handshake asks for.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "serve/refusal.h"
#include "tern/buffer.h"
#include "tern/codec.h"
#include "tern/limits.h"
#include "tern/protocols.h"
#include "tern/status.h"
#include "wire/peer_terms.h"
#include "wire/protocols.h"

namespace tern::serve {

struct Handshake {
  enum class Kind : std::uint8_t {
    kMore,      // not all of it is there
    kSwitched,  // CONNECT: after `answer` comes the Option
    kAccepted,  // frames of `protocol` follow
    kRefused,   // `answer` says so if the protocol has words for it; then comes the end
  };

  Kind kind = Kind::kMore;
  std::size_t consumed = 0;                    // kSwitched, kAccepted
  std::string answer;                          // to be written first
  const wire::Protocol* protocol = nullptr;    // kAccepted
  const Codec* codec = nullptr;                // kAccepted, with our own frames
  bool client_serves = false;                  // likewise
  wire::PeerTerms peer;                        // likewise: what the client takes
  std::chrono::nanoseconds handle_timeout{0};  // kAccepted; 0: the client names none
  Status why;                                  // kRefused
  Refusal reason = Refusal::kUnknownProtocol;  // kRefused
};

// What may come next.
enum class HandshakeStage : std::uint8_t { kAnything, kOption };

struct HandshakeRules {
  const CodecRegistry& codecs;
  const Limits& limits;
  const Protocols& protocols;
  // The server stops: an Option for our frames is refused. The other protocols have no words for it
  // before there is a request.
  bool going_away = false;
  // What both sides have agreed to speak, by ALPN: that binds. "": nothing, so the first bytes
  // tell.
  std::string_view agreed = {};
};

// Reads `in`, all that has come so far, from its first byte. Nothing is taken before all is there,
// and nothing behind the handshake is looked at.
Handshake read_handshake(ByteView in, HandshakeStage stage, const HandshakeRules& rules);

}  // namespace tern::serve
