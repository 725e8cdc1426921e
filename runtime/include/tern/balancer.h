// Chooses the server that a call goes to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "tern/clock.h"
#include "tern/codegen/method.h"
#include "tern/discovery.h"
#include "tern/result.h"
#include "tern/server_load.h"

namespace tern {

// The servers that can take a call: at least one, each of a weight above 0, in the order of their
// addresses. Immutable; `version` is another for every other set of one cluster and whenever a
// weight has changed: balancers read weights when they see a new one.
struct Candidates {
  Candidates() = default;
  std::uint64_t version = 0;
  std::vector<std::shared_ptr<const ServerLoad>> servers;
};

// The call that a server is picked for.
struct PickRequest {
  PickRequest() = default;
  const Method* method = nullptr;    // null outside of a call: see pick_server()
  std::optional<std::uint64_t> key;  // hash_of_key(CallOptions::hash_key), if it has one
  Clock::TimePoint now{};
  // Whether this is a further attempt of the call. From the picked server on, the first one that
  // the call has not been to is taken. A balancer that takes turns does not count such a pick, or
  // calls and their second attempts would fall into step.
  bool again = false;
};

// Threads: any, several at the same time.
class Balancer {
 public:
  virtual ~Balancer() = default;

  // For people: "round robin".
  virtual std::string_view name() const noexcept = 0;
  // An index of candidates.servers. It must be quick: it runs for every call. An exception counts
  // as the choice of the first.
  virtual std::size_t pick(const Candidates& candidates, const PickRequest& request) = 0;
};

// Numbers in [0, 1); called by one thread at a time.
using RandomSource = std::function<double()>;

// Each has state of its own: do not share one between clusters. `random` null: a generator that the
// system seeds.
//
// One chosen at random, in proportion to the weights.
std::shared_ptr<Balancer> random_balancer(RandomSource random = nullptr);
// One after the other, whatever their weights. The first is chosen at random, so that clients that
// start together do not all begin with the same server.
std::shared_ptr<Balancer> round_robin(RandomSource random = nullptr);
// One after the other, in proportion to their weights, and never a burst: nginx's smooth weighted
// round robin. Of as many picks as the weights sum up to, each server gets its weight, one more or
// one less. Servers that leave, come, come back or change their weight get no more than their
// share of what follows, and at most two picks besides.
std::shared_ptr<Balancer> weighted_round_robin();
// The one with the fewest pending calls in proportion to its weight; of several, the next in turn.
// So weights matter only while all servers are busy.
std::shared_ptr<Balancer> least_pending(RandomSource random = nullptr);
// Of two chosen at random in proportion to the weights, the one with the lower peak_ewma() x (1 +
// pending / weight); if they are equal, the first. A server without an observation counts as fast
// as the other one.
std::shared_ptr<Balancer> power_of_two(RandomSource random = nullptr);

struct ConsistentHashOptions {
  ConsistentHashOptions() = default;
  // Places that a server of weight 1 has on the ring. More make the servers' shares more even.
  std::size_t points = 160;
  // A server with more than this many times its fair share of the pending calls passes the next
  // ones on to its neighbour on the ring (consistent hashing with bounded loads, Mirrokni, Thorup
  // and Zadimoghaddam, 2016). Fair is by weight, and rounded up. 0: no bound; else at least 1.
  double bound = 1.25;
  // Null: a generator that the system seeds.
  RandomSource random;
};

// Calls of one CallOptions::hash_key go to the same server as long as it is there; when one of n
// leaves, only its own keys move. Which server that is depends on the addresses and weights alone,
// so that all clients agree. Calls without a key go round robin.
std::shared_ptr<Balancer> consistent_hash(ConsistentHashOptions options = ConsistentHashOptions());

// The same number in every program and version: 64-bit FNV-1a with a final mix.
std::uint64_t hash_of_key(std::string_view key) noexcept;

// Picks one server of a discovery, for programs that call without a cluster. `key` is for
// consistent_hash(); "": none. The load of the servers is not known here, so least_pending() takes
// turns and power_of_two() chooses at random. `clock` gives PickRequest::now. kUnavailable if there
// is no server.
Result<Instance> pick_server(const Discovery& discovery, Balancer& balancer,
                             std::string_view key = {}, const Clock& clock = steady_clock());

}  // namespace tern
