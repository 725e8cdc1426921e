// Which protocols a server lets in.
#pragma once

#include "tern/version.h"

namespace tern {

// A server finds out from the first bytes of a connection what it speaks. One that is switched off
// here is refused like one that is not known.
struct Protocols {
  Protocols() = default;

  bool tern = true;     // our frames, behind the Option
  bool geerpc = true;   // GeeRPC and MyRPC: the Option with gob or JSON, also behind HTTP's CONNECT
  bool netrpc = true;   // Go's net/rpc: gob, also behind HTTP's CONNECT
  bool jsonrpc = true;  // JSON-RPC 1.0, as Go's net/rpc/jsonrpc has it, and 2.0; POST /rpc too
  bool http = true;     // JSON over HTTP/1.1, as Connect's unary calls have it
};

}  // namespace tern
