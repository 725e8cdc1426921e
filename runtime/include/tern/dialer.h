// Opens streams: the seam between a client and the network.
#pragma once

#include <chrono>
#include <memory>

#include "tern/byte_stream.h"
#include "tern/endpoint.h"
#include "tern/function.h"
#include "tern/result.h"

namespace tern {

class Loop;

// Threads: the loop's.
class Dialer {
 public:
  using Done = UniqueFunction<void(Result<std::unique_ptr<ByteStream>>)>;

  // An attempt that is running. Destroying it cancels it: `done` is then not called.
  class Attempt {
   public:
    virtual ~Attempt() = default;
  };

  virtual ~Dialer() = default;

  // Connects to `endpoint` within `timeout`, the resolution of its name included (the largest
  // value: without limit), and calls `done` once, on the loop's thread, not from within dial(). A
  // failure is kUnavailable, or kDeadlineExceeded when the time was up, and names the address.
  // `done` may destroy the attempt.
  virtual std::unique_ptr<Attempt> dial(Loop& loop, const Endpoint& endpoint,
                                        std::chrono::nanoseconds timeout, Done done) = 0;

  // Whether what it opens for an address of TLS is secure, or needs not be, without credentials:
  // then none are asked for. Threads: any.
  virtual bool secures() const noexcept { return false; }
};

}  // namespace tern
