// Which protocol a connection speaks, from its first bytes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tern/buffer.h"

namespace tern {

enum class Sniffed : std::uint8_t {
  kMore,     // too little has come to tell
  kOption,   // a JSON object that is no JSON-RPC request: the Option handshake
  kJsonRpc,  // a JSON-RPC request, or a batch of them
  kNetRpc,   // a gob stream that begins with the definition of a type
  kConnect,  // HTTP's CONNECT, with which net/rpc and GeeRPC begin
  kHttp,     // any other HTTP/1 request
  kUnknown
};

// Looks at all that has come and takes nothing: the reader of the protocol starts at the first byte
// again. A few bytes are enough; of a JSON object it takes the first key.
Sniffed sniff(ByteView in) noexcept;

}  // namespace tern
