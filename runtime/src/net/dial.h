// Connects to TCP and Unix addresses, names of hosts among them.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "tern/dialer.h"
#include "tern/name_resolver.h"
#include "tern/tcp_options.h"

namespace tern::net {

// Tries the addresses of a name as RFC 8305 says: the families in turn, one begins when the last
// one has failed or has had kAttemptDelay, those that began go on, and the first that takes the
// connection wins. So an address that nobody answers on costs that much and no more. With little
// time or many addresses they follow closer, so that each has begun when half of the time is over.
class SocketDialer final : public Dialer {
 public:
  static constexpr std::chrono::milliseconds kAttemptDelay{250};
  // Of a name's addresses the first so many are tried.
  static constexpr std::size_t kMaxAddresses = 32;

  explicit SocketDialer(const TcpOptions& tcp = TcpOptions());
  // With another resolver than the loop's, and another way to each address; null: as above.
  SocketDialer(std::shared_ptr<NameResolver> names, std::shared_ptr<Dialer> addresses);

  std::unique_ptr<Attempt> dial(Loop& loop, const Endpoint& endpoint,
                                std::chrono::nanoseconds timeout, Done done) override;

 private:
  std::shared_ptr<NameResolver> names_;  // null: the loop's
  std::shared_ptr<Dialer> addresses_;
};

// The addresses of a name in the order in which they are tried: the families in turn, the one that
// came first before the other.
NameResolver::Addresses interleave_families(const NameResolver::Addresses& addresses);

}  // namespace tern::net
