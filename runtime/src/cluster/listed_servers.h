// What is known of the servers that a discovery lists, and what follows from it.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cluster/subchannel.h"
#include "tern/cluster.h"
#include "tern/status.h"

namespace tern {

struct ListedServer {
  SubchannelPtr subchannel;
  std::string zone;     // as it is listed now
  Status last_failure;  // to connect; OK while it is connected
};

// By address.
using ListedServers = std::map<std::string, ListedServer, std::less<>>;

// The servers that calls can go to, in the order of their addresses: of a weight above 0, connected
// or worth a connection, not put out, near. OutlierPolicy::max_share,
// ClusterOptions::max_connections and zone say how.
std::vector<SubchannelPtr> callable_of(const ListedServers& servers, const ClusterOptions& options);

// Whether one more may be put out.
bool room_for_an_ejection(const ListedServers& servers, const OutlierPolicy& policy);

// Whether a connection is under way to one that may be called.
bool some_connect(const ListedServers& servers) noexcept;
// Whether calls are to go to any: if all have the weight 0, somebody wants them to have none.
bool some_wanted(const ListedServers& servers) noexcept;

// Why none of them can be called. `known`: they are those of a list; `discovery`: of the last look
// at it.
Status why_none(const ListedServers& servers, bool known, const Status& discovery);

}  // namespace tern
