#include "registry/registry_where.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/peer_text.h"

namespace tern::registry {

namespace {

Status wrong(std::string_view scheme, std::string_view where, std::string_view what) {
  return Status(Code::kInvalidArgument,
                fmt::format("registry \"{0}@{1}\": {2}; expected "
                            "\"{0}@host:port[,host:port…][/prefix]\"",
                            scheme, base::peer_text(where), what),
                HandlerRan::kNo);
}

bool is_prefix(std::string_view prefix) {
  return prefix.find("//") == std::string_view::npos &&
         std::all_of(prefix.begin(), prefix.end(), [](char c) { return base::is_visible(c); });
}

std::string_view without_slashes(std::string_view text) {
  if (text.starts_with('/')) text.remove_prefix(1);
  if (text.ends_with('/')) text.remove_suffix(1);
  return text;
}

}  // namespace

Result<Location> parse_registry_where(std::string_view scheme, std::string_view where) {
  Location out;
  std::size_t slash = std::min(where.find('/'), where.size());
  std::string_view prefix = without_slashes(where.substr(slash));
  if (!is_prefix(prefix)) return wrong(scheme, where, "the prefix cannot be one");
  out.prefix = prefix.empty() ? "tern" : std::string(prefix);
  std::string_view rest = where.substr(0, slash);
  for (;;) {
    std::size_t comma = std::min(rest.find(','), rest.size());
    std::string_view one = rest.substr(0, comma);
    Result<Endpoint> endpoint = parse_endpoint(fmt::format("tcp@{}", one));
    if (!endpoint.ok() || endpoint->port == 0 || endpoint->host.empty()) {
      return wrong(scheme, where,
                   fmt::format("\"{}\" is not a host and port", base::peer_text(one)));
    }
    out.servers.push_back(std::move(*endpoint));
    if (comma == rest.size()) return out;
    rest.remove_prefix(comma + 1);
  }
}

std::string host_and_port(const Endpoint& endpoint) {
  bool colons = endpoint.host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", colons ? "[" : "", endpoint.host, colons ? "]" : "",
                     endpoint.port);
}

}  // namespace tern::registry
