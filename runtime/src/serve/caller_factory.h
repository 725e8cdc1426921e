// What makes the channels over which handlers call their caller.
#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "net/loop.h"
#include "tern/byte_stream.h"
#include "tern/channel.h"
#include "tern/server.h"
#include "wire/peer_terms.h"

namespace tern::serve {

// A part of the options of a server that no user sees. Servers with the same options share it.
// Threads: the loops', several at the same time.
class CallerFactory {
 public:
  virtual ~CallerFactory() = default;

  // Takes the calling half of a connection whose client serves, too. `codec` is that of both
  // directions, by its name; `peer` what the client takes.
  virtual std::unique_ptr<CallerChannel> make(Loop& loop, std::unique_ptr<ByteStream> stream,
                                              std::string_view codec,
                                              const wire::PeerTerms& peer) = 0;

  static void set(ServerOptions& options, std::shared_ptr<CallerFactory> factory) {
    options.caller_factory_ = std::move(factory);
  }
  // Null if handlers cannot call their caller.
  static CallerFactory* of(const ServerOptions& options) noexcept {
    return options.caller_factory_.get();
  }
};

}  // namespace tern::serve
