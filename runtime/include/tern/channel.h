// Where a stub sends its calls: a client, a cluster, or something of a test's own.
#pragma once

#include "tern/call_options.h"
#include "tern/method.h"

namespace tern {

class CallState;
class CallRef;

// Threads: start() from any thread.
class Channel {
 public:
  virtual ~Channel() = default;

  // Starts one call. `argument` points to a value of method.argument() and is not used after
  // start() has returned. Never blocks; every outcome, also an early failure, goes to `call`,
  // exactly once, possibly before start() returns.
  virtual void start(const Method& method, const void* argument, const CallOptions& options,
                     CallRef call) = 0;
};

}  // namespace tern
