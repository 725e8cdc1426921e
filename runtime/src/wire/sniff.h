// Which protocol a connection speaks, from its first bytes.
#pragma once

#include <cstdint>

#include "tern/buffer.h"
#include "wire/protocols.h"

namespace tern::wire {

struct Sniffed {
  enum class Kind : std::uint8_t {
    kMore,      // too little has come to tell
    kProtocol,  // the first request of `protocol`, or what stands before it
    kOption,    // a JSON object that is no request: the Option handshake
    kConnect,   // HTTP's CONNECT, with which net/rpc and GeeRPC begin
    kUnknown
  };
  Kind kind = Kind::kMore;
  const Protocol* protocol = nullptr;
};

// Looks at all that has come and takes nothing: the reader of the protocol starts at the first byte
// again. A few bytes are enough; of a JSON object it takes the first key.
Sniffed sniff(ByteView in) noexcept;

}  // namespace tern::wire
