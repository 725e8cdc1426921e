// Takes in connections: the seam between a server and the network, and the twin of tern/dialer.h.
#pragma once

#include <memory>

#include "tern/byte_stream.h"
#include "tern/endpoint.h"
#include "tern/function.h"
#include "tern/result.h"

namespace tern {

class Loop;

// Sockets that listen implement it; tests and simulators put their own in their place:
// Server::listen() and ReverseDialer::listen() take one. The taker owns it, starts it once,
// and ends it with finish() or by destroying it.
// Threads: endpoint() on any; everything else, the destructor too, on the thread of the loop that
// it has been started on, or when that loop does not run.
class Listener {
 public:
  // A connection that has come and is on no loop yet. Destroyed before open(), it is closed.
  // Threads: one at a time, whichever that is.
  class Incoming {
   public:
    Incoming() = default;
    Incoming(const Incoming&) = delete;
    Incoming& operator=(const Incoming&) = delete;
    virtual ~Incoming() = default;

    // Puts it on `loop`, which need not be the listener's: once, on the thread of that loop.
    virtual Result<std::unique_ptr<ByteStream>> open(Loop& loop) = 0;
    // See ByteStream::peer_state(): for who lets connections wait.
    virtual PeerState peer_state() noexcept { return PeerState::kThere; }
  };

  // Takes a connection. May finish or destroy the listener. If it lets out std::bad_alloc, that
  // connection is closed, and the next ones come as ever.
  using OnIncoming = UniqueFunction<void(std::unique_ptr<Incoming> connection)>;

  Listener() = default;
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  // Stops as finish() does, and hands over nothing.
  virtual ~Listener() = default;

  // Where it listens, as clients dial it; the same from the beginning to the end. If that is an
  // address of TLS, who takes the connections secures them, with its credentials.
  virtual Endpoint endpoint() const = 0;

  // From now on gives each connection that comes to `on_incoming`, on the loop's thread and not
  // from within this call. Connections that came earlier wait until then. `loop` outlives it.
  virtual void start(Loop& loop, OnIncoming on_incoming) = 0;

  // Hands over, from within this call, the connections that have come, and takes no more: who
  // connects now is refused. Without start() it only stops. Twice is fine.
  virtual void finish() = 0;
};

}  // namespace tern
