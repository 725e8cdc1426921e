// Connects to TCP and Unix addresses.
#pragma once

#include "tern/dialer.h"

namespace tern {

// Resolves names off the loop's thread, and tries the addresses of a name one after the other until
// one takes the connection or the time is up.
class SocketDialer final : public Dialer {
 public:
  std::unique_ptr<Attempt> dial(Loop& loop, const Endpoint& endpoint,
                                std::chrono::nanoseconds timeout, Done done) override;
};

}  // namespace tern
