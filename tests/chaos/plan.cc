#include "chaos/plan.h"

#include <algorithm>
#include <random>

namespace tern::chaos {

namespace {

using std::chrono::milliseconds;

// How long a fault lasts, and after how much more time its process can have the next one: a server
// that drains has 4 s for its calls, and one that starts again has to be listed.
struct Length {
  int shortest;
  int longest;
  int rest;
};

Length length_of(Fault fault) {
  switch (fault) {
    case Fault::kServerKilled:
      return {100, 3000, 1000};
    case Fault::kServerDrained:
      return {5000, 7000, 1000};
    case Fault::kAllDrained:
      return {0, 0, 1000};  // set below
    case Fault::kServerStopped:
      return {200, 6000, 500};
    case Fault::kServerStarved:
      return {500, 5000, 500};
    case Fault::kClientKilled:
      return {100, 1000, 500};
    case Fault::kClientStopped:
      return {200, 4000, 500};
    case Fault::kRegistryKilled:
      return {200, 5000, 1000};
    case Fault::kRegistryDropped:
      return {500, 10'000, 0};
    case Fault::kConnectionsDestroyed:
      return {0, 0, 0};
    case Fault::kPairDropped:
    case Fault::kOneWayDropped:
      return {100, 8000, 0};
    case Fault::kPairReset:
    case Fault::kPortRejected:
      return {100, 3000, 0};
    case Fault::kSlowLink:
    case Fault::kLossyLink:
      return {500, 5000, 0};
    case Fault::kRoughProxy:
      return {2000, 8000, 500};
    case Fault::kCount:
      break;
  }
  return {0, 0, 0};
}

// Who has one fault at a time.
enum class Whose : std::uint8_t {
  kServer,
  kAllServers,
  kClient,
  kRegistry,
  kLink,
  kProxy,
  kNobody
};

Whose whose(Fault fault) {
  switch (fault) {
    case Fault::kServerKilled:
    case Fault::kServerDrained:
    case Fault::kServerStopped:
    case Fault::kServerStarved:
      return Whose::kServer;
    case Fault::kAllDrained:
      return Whose::kAllServers;
    case Fault::kClientKilled:
    case Fault::kClientStopped:
      return Whose::kClient;
    case Fault::kRegistryKilled:
      return Whose::kRegistry;
    case Fault::kSlowLink:
    case Fault::kLossyLink:
      return Whose::kLink;
    case Fault::kRoughProxy:
      return Whose::kProxy;
    default:
      return Whose::kNobody;
  }
}

// Between the ends of two servers that are drained one after the other.
constexpr milliseconds kEachDrain{5000};
// Between two times that all are, or little else would befall servers.
constexpr milliseconds kBetweenAll{60'000};

// Until when each of them has a fault.
struct Busy {
  std::vector<milliseconds> servers;
  std::vector<milliseconds> clients;
  std::vector<milliseconds> links;
  milliseconds registry{0};
  milliseconds proxy{0};

  std::vector<milliseconds*> of(const PlannedFault& fault) {
    switch (whose(fault.fault)) {
      case Whose::kServer:
        return {&servers[fault.server]};
      case Whose::kAllServers: {
        std::vector<milliseconds*> all;
        for (milliseconds& server : servers) all.push_back(&server);
        return all;
      }
      case Whose::kClient:
        return {&clients[fault.client]};
      case Whose::kRegistry:
        return {&registry};
      case Whose::kLink:
        return {&links[fault.server]};
      case Whose::kProxy:
        return {&proxy};
      case Whose::kNobody:
        break;
    }
    return {};
  }
};

}  // namespace

std::vector<PlannedFault> make_plan(const PlanOptions& options) {
  std::mt19937_64 random(options.seed);
  auto between = [&random](std::int64_t low, std::int64_t high) {
    // std::uniform_int_distribution may differ from library to library.
    return low + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(high - low + 1));
  };
  std::vector<PlannedFault> plan;
  Busy busy;
  milliseconds next_of_all{0};
  busy.servers.resize(options.servers);
  busy.clients.resize(options.clients);
  busy.links.resize(options.servers);
  for (milliseconds now(200); now < options.length; now += milliseconds(between(20, 600))) {
    PlannedFault one;
    one.fault = static_cast<Fault>(between(0, static_cast<std::int64_t>(kFaults) - 1));
    one.server =
        static_cast<std::size_t>(between(0, static_cast<std::int64_t>(options.servers) - 1));
    one.client =
        static_cast<std::size_t>(between(0, static_cast<std::int64_t>(options.clients) - 1));
    const Length length = length_of(one.fault);
    one.from = now;
    one.to = now + milliseconds(between(length.shortest, length.longest));
    if (one.fault == Fault::kAllDrained) {
      if (now < next_of_all) continue;
      // All servers at rest at once is rare: they wait for it.
      for (milliseconds* until : busy.of(one)) one.from = std::max(one.from, *until);
      one.to = one.from + kEachDrain * static_cast<int>(options.servers);
    }
    auto its = busy.of(one);
    const bool free = std::all_of(its.begin(), its.end(),
                                  [&](const milliseconds* until) { return *until <= one.from; });
    if (!free || one.to > options.length) continue;
    for (milliseconds* until : its) *until = one.to + milliseconds(length.rest);
    if (one.fault == Fault::kAllDrained) next_of_all = one.to + kBetweenAll;
    plan.push_back(one);
  }
  // In the end, so that a seed brings the others all the same.
  std::erase_if(plan, [&options](const PlannedFault& one) {
    return std::find(options.faults.begin(), options.faults.end(), one.fault) ==
           options.faults.end();
  });
  std::stable_sort(plan.begin(), plan.end(),
                   [](const PlannedFault& a, const PlannedFault& b) { return a.from < b.from; });
  return plan;
}

}  // namespace tern::chaos
