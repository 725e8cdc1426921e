// What answers the calls that come the other way on a client's connection.
#pragma once

#include <memory>
#include <utility>

#include "net/loop.h"
#include "tern/byte_stream.h"
#include "tern/client.h"
#include "tern/codec.h"
#include "tern/status.h"
#include "wire/peer_terms.h"

namespace tern::call {

// A part of the options of a client that no user sees. Clients with the same options share it.
// Threads: the loops', several at the same time.
class ServingHalf {
 public:
  virtual ~ServingHalf() = default;

  // Takes the serving half of a connection of our frames, when its handshake is done: `peer` is
  // what the server takes. A failure ends the connection.
  virtual Status serve(Loop& loop, std::unique_ptr<ByteStream> stream, const Codec& codec,
                       const wire::PeerTerms& peer) = 0;

  static void set(ClientOptions& options, std::shared_ptr<ServingHalf> half) {
    options.serving_half_ = std::move(half);
  }
  // Null if nobody serves.
  static ServingHalf* of(const ClientOptions& options) noexcept {
    return options.serving_half_.get();
  }
};

}  // namespace tern::call
