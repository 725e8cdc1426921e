#include "cluster/picker.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tern::cluster {

Picker::Picker(std::shared_ptr<Balancer> balancer, std::size_t max_calls_per_server)
    : balancer_(std::move(balancer)),
      max_calls_per_server_(max_calls_per_server),
      none_(std::make_shared<Servers>()),
      servers_(none_) {}

inline std::size_t Picker::balanced(const Servers& servers,
                                    const PickRequest& request) const noexcept {
  const std::size_t count = servers.subchannels.size();
  try {
    const std::size_t index = balancer_->pick(servers.candidates, request);
    return index < count ? index : index % count;
  } catch (...) {
    return 0;  // as Balancer says
  }
}

Pick Picker::pick(const PickRequest& request, const std::vector<std::uint64_t>& tried) const {
  std::shared_ptr<const Servers> servers = servers_.get();
  Pick pick;
  const std::vector<SubchannelPtr>& subchannels = servers->subchannels;
  if (subchannels.empty()) return pick;
  std::size_t next = balanced(*servers, request);
  // The next ones take the place of those that are full or have been tried.
  bool some_full = false;
  Subchannel* chosen = nullptr;
  for (std::size_t seen = 0; seen < subchannels.size(); ++seen) {
    Subchannel* server = subchannels[next].get();
    if (++next == subchannels.size()) next = 0;
    if (full(*server)) {
      some_full = true;
      continue;
    }
    bool been_there =
        !tried.empty() && std::find(tried.begin(), tried.end(), server->load->id()) != tried.end();
    if (been_there && chosen) continue;
    chosen = server;
    pick.again = been_there;
    if (!been_there) break;
  }
  if (chosen) {
    // The set keeps its subchannels: so this costs no counting.
    pick.server = SubchannelPtr(std::move(servers), chosen);
  } else if (some_full) {
    pick.failure =
        Status(Code::kResourceExhausted,
               fmt::format("each of {} servers has {} calls waiting for its answer, which is the "
                           "limit",
                           subchannels.size(), max_calls_per_server_),
               HandlerRan::kNo);
  }
  return pick;
}

bool Picker::has(const SubchannelPtr& server) const {
  const auto servers = servers_.get();
  const std::vector<SubchannelPtr>& all = servers->subchannels;
  return std::find(all.begin(), all.end(), server) != all.end();
}

bool Picker::replace(std::vector<SubchannelPtr> servers, bool reweighted) {
  const auto before = servers_.get();
  if (!reweighted && servers == before->subchannels) return false;
  auto made = std::make_shared<Servers>();
  for (const SubchannelPtr& server : servers) made->candidates.servers.push_back(server->load);
  made->candidates.version = before->candidates.version + 1;
  made->subchannels = std::move(servers);
  servers_.set(std::move(made));
  return true;
}

}  // namespace tern::cluster
