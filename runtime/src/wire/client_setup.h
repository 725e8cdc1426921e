// What a client's side of a protocol is made of, and how its conversation begins.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "tern/codec.h"
#include "tern/endpoint.h"
#include "tern/limits.h"
#include "wire/client_protocol.h"
#include "wire/peer_terms.h"

namespace tern::wire::native {
class ClientProtocol;
}  // namespace tern::wire::native

namespace tern::wire {

// For one connection of a client's. All of it outlives the connection.
struct ClientSetup {
  const Endpoint& endpoint;
  const Limits& limits;
  const CodecRegistry& codecs;
  std::string_view codec;  // by its name: one of `codecs`, or one of GeeRPC's
  std::chrono::nanoseconds connect_timeout;
  std::chrono::nanoseconds handle_timeout;
  bool serves;  // the client answers calls on the connection, too
  // Of our own frames on a connection whose handshake is done: what it has said. Else the server's
  // answer says it later.
  PeerTerms peer = {};
};

struct ClientPreface {
  ClientPreface() = default;

  // HTTP's CONNECT: the server's answer to it comes before anything else is sent. Or "".
  std::string connect;
  // What stands before the first request. Or "".
  std::string option;
  std::unique_ptr<ClientProtocol> protocol;
  // The same, if they are our own frames behind an Option: then the server answers that with a
  // line, which says how much it takes.
  native::ClientProtocol* native = nullptr;
};

}  // namespace tern::wire
