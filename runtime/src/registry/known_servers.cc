#include "registry/known_servers.h"

#include <algorithm>
#include <set>
#include <utility>

namespace tern::registry {

// Whether the registry seems to have lost its data.
bool KnownServers::forgetful(const FoundList& found) const {
  if (last_.empty()) return false;
  if (found.plain) return found.servers.empty() && !was_empty_;
  return found.warming && found.epoch != epoch_;
}

std::vector<Instance> KnownServers::take(FoundList found, Clock::TimePoint now) {
  if (forgetful(found)) {
    kept_ = last_;
    kept_until_ = saturating_add(now, grace_);
  }
  bool knows_all = !found.plain && !found.warming;
  if (knows_all || kept_until_ <= now) kept_.clear();
  was_empty_ = found.servers.empty();
  epoch_ = std::move(found.epoch);

  std::set<std::string> heard_of;
  for (const Instance& server : found.servers) heard_of.insert(server.endpoint.to_string());
  for (const Endpoint& endpoint : found.withdrawn) heard_of.insert(endpoint.to_string());
  std::erase_if(kept_, [&heard_of](const Instance& server) {
    return heard_of.count(server.endpoint.to_string()) > 0;
  });
  last_ = std::move(found.servers);
  last_.insert(last_.end(), kept_.begin(), kept_.end());
  return last_;
}

}  // namespace tern::registry
