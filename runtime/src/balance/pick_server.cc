#include <fmt/format.h>

#include <exception>

#include "base/mix_bits.h"
#include "tern/balancer.h"

namespace tern {

namespace {

// The same servers with the same weights are the same candidates, in every call: a balancer keeps
// its state by ids and versions.
Candidates candidates_of(const std::vector<Instance>& instances) {
  Candidates candidates;
  for (const Instance& instance : instances) {
    if (instance.weight == 0) continue;
    std::uint64_t id = hash_of_key(instance.endpoint.to_string());
    candidates.version = base::mix_bits(candidates.version + base::mix_bits(id) + instance.weight);
    candidates.servers.push_back(std::make_shared<ServerLoad>(id, instance));
  }
  return candidates;
}

std::size_t choice(Balancer& balancer, const Candidates& candidates, const PickRequest& request) {
  try {
    std::size_t index = balancer.pick(candidates, request);
    return index < candidates.servers.size() ? index : 0;
  } catch (...) {
    return 0;
  }
}

}  // namespace

Result<Instance> pick_server(const Discovery& discovery, Balancer& balancer, std::string_view key,
                             const Clock& clock) {
  ServerView view = discovery.view();
  Candidates candidates = view.known() ? candidates_of(*view.servers) : Candidates();
  if (candidates.servers.empty()) {
    std::string_view why = !view.known()           ? "no server is known yet"
                           : view.servers->empty() ? "the list of servers is empty"
                                                   : "every server has the weight 0";
    return Status(Code::kUnavailable,
                  view.status.ok()
                      ? fmt::format("pick a server: {}", why)
                      : fmt::format("pick a server: {}; {}", why, view.status.message()),
                  HandlerRan::kNo);
  }
  PickRequest request;
  if (!key.empty()) request.key = hash_of_key(key);
  request.now = clock.now();
  return candidates.servers[choice(balancer, candidates, request)]->instance();
}

}  // namespace tern
