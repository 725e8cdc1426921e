// What is known of the peer of a connection that begins without a handshake.
#pragma once

#include <memory>

#include "tern/client.h"
#include "wire/peer_terms.h"

namespace tern::call {

// A part of the options of a client that no user sees: of one that calls back on the connection of
// its caller, whose Option has said what the caller takes.
class KnownPeer {
 public:
  static void set(ClientOptions& options, const wire::PeerTerms& peer) {
    options.known_peer_ = std::make_shared<const wire::PeerTerms>(peer);
  }
  // Nothing is known of others.
  static wire::PeerTerms of(const ClientOptions& options) noexcept {
    return options.known_peer_ ? *options.known_peer_ : wire::PeerTerms();
  }
};

}  // namespace tern::call
