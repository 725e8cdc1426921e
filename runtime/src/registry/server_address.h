// Addresses that a client can connect to.
#pragma once

#include <string_view>

#include "tern/endpoint.h"
#include "tern/result.h"

namespace tern::registry {

// As parse_endpoint(), but "host:port" is "tcp@host:port", and there are a host and a port other
// than 0.
Result<Endpoint> parse_server_address(std::string_view text);

}  // namespace tern::registry
