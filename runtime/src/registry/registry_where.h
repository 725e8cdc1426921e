// Where a registry of several servers is, as people write it: "host:port[,host:port…][/prefix]".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tern/endpoint.h"
#include "tern/result.h"

namespace tern::registry {

struct Location {
  Location() = default;

  std::vector<Endpoint> servers;  // TCP, at least one, each with a port
  std::string prefix;             // without slashes at its ends: "tern", "team/tern"
};

// `scheme` is what stood before the '@', for messages. Without a prefix it is "tern".
Result<Location> parse_registry_where(std::string_view scheme, std::string_view where);

// "127.0.0.1:2379", "[::1]:2379": for messages and Host headers.
std::string host_and_port(const Endpoint& endpoint);

}  // namespace tern::registry
