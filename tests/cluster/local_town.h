// A way to the servers of a test on which a client shows its token.
#pragma once

#include <chrono>
#include <memory>
#include <utility>

#include "cluster/cluster_fixture.h"
#include "net/memory_pipe.h"
#include "tern/dialer.h"

namespace tern::test {

// The client and the servers are on one machine, for all that they can see.
class LocalTown final : public Dialer {
 public:
  explicit LocalTown(TownDialer& town) : town_(town) {}
  std::unique_ptr<Attempt> dial(Loop& loop, const Endpoint& endpoint, std::chrono::nanoseconds,
                                Done done) override {
    auto [near_end, far_end] =
        net::make_pipe(net::PipeEnd(loop, "client"), net::PipeEnd(loop, endpoint.to_string()));
    town_.servers.at(endpoint.host)->server->serve(loop, std::move(far_end));
    loop.post([done = std::move(done), client = std::move(near_end)]() mutable {
      done(std::move(client));
    });
    return std::make_unique<Attempt>();
  }

 private:
  TownDialer& town_;
};

}  // namespace tern::test
