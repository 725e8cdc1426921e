// The servers that a discovery lists, and what follows from their states.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cluster/subchannel.h"
#include "tern/cluster.h"
#include "tern/status.h"

namespace tern::cluster {

struct ListedServer {
  SubchannelPtr subchannel;
  std::string zone;          // as it is listed now
  std::uint32_t weight = 0;  // likewise
  Status last_failure;       // to connect; OK while it is connected
};

// By address.
using ListedServers = std::map<std::string, ListedServer, std::less<>>;

// The servers that calls can go to, in the order of their addresses: those with a weight above 0
// that are connected, connecting or idle, and not ejected. The options limit the ejections
// (OutlierPolicy::max_share) and the connections (max_connections), and may prefer a zone.
std::vector<SubchannelPtr> eligible(const ListedServers& servers, const ClusterOptions& options);

// Whether one more server may be ejected.
bool room_for_an_ejection(const ListedServers& servers, const OutlierPolicy& policy);

// Whether a server with a weight above 0 is connecting.
bool some_connect(const ListedServers& servers) noexcept;
// False if there are servers and all have the weight 0: they are to get no calls.
bool some_wanted(const ListedServers& servers) noexcept;

// Why no server can be called. `known`: the discovery has given a list; `discovery`: its status.
Status why_none(const ListedServers& servers, bool known, const Status& discovery);

}  // namespace tern::cluster
