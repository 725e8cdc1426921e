// The first bytes of a connection: which protocol, and what its Option asks for.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "serve/refusal.h"
#include "tern/buffer.h"
#include "tern/codec.h"
#include "tern/limits.h"
#include "tern/status.h"

namespace tern {

struct Opening {
  enum class Kind : std::uint8_t {
    kMore,      // not all of it is there
    kFrames,    // our frames follow
    kRefused,   // to be answered with `why`, then closed
    kNotSpoken  // another protocol: to be closed without a word
  };

  Kind kind = Kind::kMore;
  std::size_t consumed = 0;                    // with kFrames only: the Option and its newline
  const Codec* codec = nullptr;                // kFrames
  std::chrono::nanoseconds handle_timeout{0};  // kFrames; 0: the client names none
  Status why;                                  // kRefused, kNotSpoken
  Refusal reason = Refusal::kUnknownProtocol;  // kRefused, kNotSpoken
};

// Reads `in`, all that has come so far, from its first byte. Nothing is taken before all is there,
// and nothing behind the newline that ends the Option is looked at.
Opening read_opening(ByteView in, const CodecRegistry& codecs, const Limits& limits);

}  // namespace tern
