#include <algorithm>
#include <cmath>
#include <limits>

#include "balance/hash_ring.h"
#include "balance/per_candidates.h"
#include "balance/turns.h"
#include "base/random.h"
#include "tern/balancer.h"

namespace tern {

namespace {

class ConsistentHash final : public Balancer {
 public:
  ConsistentHash(const ConsistentHashOptions& options, base::RandomNumbers& random)
      : points_(options.points),
        bound_(options.bound > 0 ? std::max(options.bound, 1.0) : kNoBound),
        turns_(random) {}

  std::string_view name() const noexcept override { return "consistent hash"; }

  std::size_t pick(const Candidates& candidates, const PickRequest& request) override {
    const auto& servers = candidates.servers;
    if (!request.key) {
      return request.again ? turns_.now(servers.size()) : turns_.take(servers.size());
    }
    return rings_.with(
        candidates,
        [&](const balance::HashRing& ring) { return find(ring, candidates.servers, *request.key); },
        points_);
  }

 private:
  static constexpr double kNoBound = std::numeric_limits<double>::infinity();

  std::size_t find(const balance::HashRing& ring,
                   const std::vector<std::shared_ptr<const ServerLoad>>& servers,
                   std::uint64_t key) const {
    std::size_t place = ring.place_of(key);
    std::size_t owner = ring.server_at(place);
    std::uint32_t pending = servers[owner]->pending();
    if (pending == 0 || bound_ == kNoBound) return owner;

    // What the servers may have for each unit of weight, counting this call.
    std::uint64_t all = 1;
    for (const auto& server : servers) all += server->pending();
    double share = bound_ * static_cast<double>(all) / ring.sum_of_weights();
    auto full = [&](std::size_t server, std::uint32_t its_pending) {
      return its_pending + 1.0 > std::ceil(share * ring.weight(server));
    };
    if (!full(owner, pending)) return owner;
    for (std::size_t seen = 1; seen < ring.size(); ++seen) {
      place = ring.next(place);
      std::size_t server = ring.server_at(place);
      if (!full(server, servers[server]->pending())) return server;
    }
    return owner;
  }

  const std::size_t points_;
  const double bound_;
  balance::Turns turns_;
  balance::PerCandidates<balance::HashRing> rings_;
};

}  // namespace

std::shared_ptr<Balancer> consistent_hash(ConsistentHashOptions options) {
  base::RandomNumbers numbers(options.random);
  return std::make_shared<ConsistentHash>(options, numbers);
}

}  // namespace tern
