// Connects to one address.
#pragma once

#include "net/socket_stream.h"
#include "tern/dialer.h"
#include "tern/tcp_options.h"

namespace tern::net {

// For Unix paths and for hosts that are numbers; the host must be one.
class AddressDialer final : public Dialer {
 public:
  explicit AddressDialer(const TcpOptions& tcp = TcpOptions()) : tcp_(tcp) {}

  std::unique_ptr<Attempt> dial(Loop& loop, const Endpoint& endpoint,
                                std::chrono::nanoseconds timeout, Done done) override;

 private:
  const TcpOptions tcp_;
};

// A socket that connects to a port of its own machine on which nobody listens may be given that
// very port, and then is its own peer.
bool is_its_own_peer(const SocketHandle& socket);

}  // namespace tern::net
