// What a server's side of a protocol is made of.
#pragma once

#include <cstddef>

#include "http/paths.h"
#include "tern/codec.h"
#include "tern/cors.h"
#include "tern/limits.h"
#include "tern/protocols.h"
#include "wire/server_protocol.h"

namespace tern::wire {

// For one connection of a server's. All of it outlives the connection.
struct ServerSetup {
  const Limits& limits;
  const Codec* codec;  // that an Option has named for our own frames; or null
  const Protocols& protocols;
  const Cors& cors;
  const http::Paths& pages;  // which handlers answer over HTTP
  // What the client reads of messages in chunks at a time, together, as its Option says; 0: none.
  std::size_t peer_chunked_bytes = 0;
};

}  // namespace tern::wire
