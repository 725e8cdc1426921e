// Where a stub sends its calls: a client, a cluster, or a channel of a test.
#pragma once

#include <memory>

#include "tern/call_options.h"
#include "tern/codegen/method.h"

namespace tern {

class CallState;
class CallRef;
class StreamState;

// Threads: start() from any thread.
class Channel {
 public:
  virtual ~Channel() = default;

  // Starts one call. `argument` points to a value of method.argument() and is not used after
  // start() has returned. Never blocks; every outcome, also an early failure, goes to `call`,
  // exactly once, possibly before start() returns.
  // A call that opens a stream has one of make_stream(), and no argument (null) if its caller's
  // side streams.
  virtual void start(const Method& method, const void* argument, const CallOptions& options,
                     CallRef call) = 0;

  // A stream for a call of `method`, which streams, that is started next. Null: this channel has no
  // streams; then the call fails with kUnimplemented.
  virtual std::shared_ptr<StreamState> make_stream(const Method& method);
};

// A channel that a server has on the connection of its caller (tern/duplex.h). Threads: close() and
// the destructor on the connection's loop, or when that is gone.
class CallerChannel : public Channel {
 public:
  // The connection has ended: so do all calls, and no more can be made. Once, before the end.
  virtual void close() = 0;
};

}  // namespace tern
