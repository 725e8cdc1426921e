// From names to servers.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tern/dns.h"
#include "tern/instance.h"

namespace tern::registry {

struct FoundServers {
  std::vector<Instance> servers;                // at least one
  std::optional<std::chrono::nanoseconds> ttl;  // none: not known
};

// It blocks until the answers come: not for a loop's thread. Threads: any.
using ServerLookup = std::function<Result<FoundServers>()>;

// Every address of the host of `endpoint` in its place. Both fail for options that cannot be read.
Result<ServerLookup> host_lookup(const Endpoint& endpoint, const DnsOptions& options);
// Of the SRV records.
Result<ServerLookup> srv_lookup(const std::string& name, const DnsOptions& options);

}  // namespace tern::registry
