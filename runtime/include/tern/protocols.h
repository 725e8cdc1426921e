// Which protocols a server accepts.
#pragma once

#include "tern/version.h"

namespace tern {

// A server detects the protocol of a connection from its first bytes. A protocol that is switched
// off here is refused as an unknown one is.
struct Protocols {
  Protocols() = default;

  bool tern = true;     // our frames, after the handshake
  bool geerpc = true;   // GeeRPC, MyRPC: the handshake with gob or JSON, also after CONNECT
  bool netrpc = true;   // Go's net/rpc: gob, also after CONNECT
  bool jsonrpc = true;  // JSON-RPC 1.0, as Go's net/rpc/jsonrpc has it, and 2.0; POST /rpc too
  bool http = true;     // Connect's calls over HTTP/1.1 and 2, in JSON or protobuf, with curl too
  bool grpc = true;     // gRPC over HTTP/2 with prior knowledge, and gRPC-Web
};

}  // namespace tern
