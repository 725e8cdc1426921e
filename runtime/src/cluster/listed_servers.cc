#include "cluster/listed_servers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "cluster/zone_preference.h"

namespace tern::cluster {

namespace {

bool may_be_chosen(const Subchannel& server, bool ignore_ejection) noexcept {
  if (server.load->weight() == 0) return false;
  if (server.outlier.ejected() && !ignore_ejection) return false;
  const Connectivity now = server.connectivity;
  return now == Connectivity::kReady || now == Connectivity::kConnecting ||
         now == Connectivity::kIdle;
}

// Ejected or unreachable.
bool out(const Subchannel& server) noexcept {
  const Connectivity now = server.connectivity;
  return server.outlier.ejected() || now == Connectivity::kTransientFailure ||
         now == Connectivity::kConnectingInBackground;
}

bool more_than(double share, std::size_t some, const ListedServers& servers) noexcept {
  return static_cast<double>(some) > share * static_cast<double>(servers.size());
}

template <typename Is>
std::size_t count(const ListedServers& servers, Is is) {
  return static_cast<std::size_t>(
      std::count_if(servers.begin(), servers.end(),
                    [is](const auto& entry) { return is(*entry.second.subchannel); }));
}

}  // namespace

std::vector<SubchannelPtr> eligible(const ListedServers& servers, const ClusterOptions& options) {
  const bool ignore_ejection = more_than(options.outliers.max_share, count(servers, out), servers);
  // A server that gets no calls does not count against max_connections, connected or not.
  const std::size_t connected = count(servers, [ignore_ejection](const Subchannel& server) {
    return server.connectivity != Connectivity::kIdle && may_be_chosen(server, ignore_ejection);
  });
  const bool may_connect = options.max_connections == 0 || connected < options.max_connections;

  std::map<std::uint64_t, SubchannelPtr> by_id;
  std::vector<std::shared_ptr<const ServerLoad>> available;
  std::size_t in_zone = 0;
  for (const auto& [address, server] : servers) {
    const SubchannelPtr& subchannel = server.subchannel;
    if (server.zone == options.zone) ++in_zone;
    if (!may_be_chosen(*subchannel, ignore_ejection)) continue;
    if (subchannel->connectivity == Connectivity::kIdle && !may_connect) continue;
    available.push_back(subchannel->load);
    by_id.emplace(subchannel->load->id(), subchannel);
  }
  if (!options.zone.empty()) {
    available = prefer_zone(available, in_zone, options.zone, options.zone_share);
  }
  std::vector<SubchannelPtr> chosen;
  chosen.reserve(available.size());
  for (const auto& load : available) chosen.push_back(by_id.at(load->id()));
  return chosen;
}

bool room_for_an_ejection(const ListedServers& servers, const OutlierPolicy& policy) {
  const std::size_t ejected =
      count(servers, [](const Subchannel& server) { return server.outlier.ejected(); });
  return !more_than(policy.max_share, ejected + 1, servers);
}

bool some_connect(const ListedServers& servers) noexcept {
  return std::any_of(servers.begin(), servers.end(), [](const auto& entry) {
    const Subchannel& server = *entry.second.subchannel;
    const Connectivity now = server.connectivity;
    return server.load->weight() > 0 &&
           (now == Connectivity::kConnecting || now == Connectivity::kConnectingInBackground);
  });
}

bool some_wanted(const ListedServers& servers) noexcept {
  return servers.empty() || std::any_of(servers.begin(), servers.end(), [](const auto& entry) {
           return entry.second.subchannel->load->weight() > 0;
         });
}

// Of all that are wanted; none if they differ.
std::error_code common_cause(const ListedServers& servers) {
  std::optional<std::error_code> cause;
  for (const auto& [address, server] : servers) {
    if (server.subchannel->load->weight() == 0) continue;
    const std::error_code one = server.last_failure.cause();
    if (cause && *cause != one) return {};
    cause = one;
  }
  return cause.value_or(std::error_code());
}

Status why_none(const ListedServers& servers, bool known, const Status& discovery) {
  constexpr std::size_t kNamed = 5;
  std::string text;
  const std::size_t wanted =
      count(servers, [](const Subchannel& server) { return server.load->weight() > 0; });
  if (!known) {
    text = fmt::format("its servers are not known: {}", discovery.message());
  } else if (servers.empty()) {
    text = "no server is listed";
    if (!discovery.ok()) text += fmt::format("; {}", discovery.message());
  } else if (wanted == 0) {
    text = fmt::format("all of {} listed servers have the weight 0", servers.size());
  } else {
    text = fmt::format("none of {} servers can be reached: ", wanted);
    std::size_t named = 0;
    for (const auto& [address, server] : servers) {
      if (server.subchannel->load->weight() == 0) continue;
      if (named == kNamed) {
        text += fmt::format("; and {} more", wanted - named);
        break;
      }
      text += fmt::format(
          "{}{}", named++ > 0 ? "; " : "",
          server.last_failure.ok() ? std::string_view(address) : server.last_failure.message());
    }
  }
  return Status(Code::kUnavailable, std::move(text), HandlerRan::kNo)
      .with_cause(common_cause(servers));
}

}  // namespace tern::cluster
