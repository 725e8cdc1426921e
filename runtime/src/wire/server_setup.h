// What a server's side of a protocol is made of.
#pragma once

#include "http/paths.h"
#include "tern/codec.h"
#include "tern/compression.h"
#include "tern/cors.h"
#include "tern/limits.h"
#include "tern/protocols.h"
#include "wire/method_finder.h"
#include "wire/peer_terms.h"
#include "wire/server_protocol.h"

namespace tern::wire {

// For one connection of a server's. All of it outlives the connection.
struct ServerSetup {
  const Limits& limits;
  const Codec* codec;  // that an Option has named for our own frames; or null
  const Protocols& protocols;
  const Cors& cors;
  const http::Paths& pages;  // which handlers answer over HTTP
  PeerTerms peer = {};       // of our own frames: the client's Option
  // Of protocols that have streams, if their requests do not say so. Null: nothing is known.
  const MethodFinder* methods = nullptr;
  // See ServerOptions::grpc_compression.
  Compression grpc_compression = Compression::kIdentity;
};

}  // namespace tern::wire
