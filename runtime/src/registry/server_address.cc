#include "registry/server_address.h"

#include <fmt/format.h>

#include <string>

namespace tern::registry {

namespace {

Status wrong(std::string_view text, std::string_view what) {
  return Status(Code::kInvalidArgument, fmt::format("address \"{}\": {}", text, what),
                HandlerRan::kNo);
}

}  // namespace

Result<Endpoint> parse_server_address(std::string_view text) {
  if (text.empty()) {
    return wrong(text, "expected \"host:port\" or an address such as \"unix@path\"; it is empty");
  }
  bool has_transport = text.find('@') != std::string_view::npos;
  Result<Endpoint> endpoint = parse_endpoint((has_transport ? "" : "tcp@") + std::string(text));
  if (!endpoint.ok() || endpoint->transport == Endpoint::Transport::kUnix) return endpoint;
  if (endpoint->host.empty()) return wrong(text, "there is no host to connect to");
  if (endpoint->port == 0) return wrong(text, "expected a port from 1 to 65535, not 0");
  return endpoint;
}

}  // namespace tern::registry
