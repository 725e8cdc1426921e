#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "net/loop.h"
#include "registry/dns_discovery.h"
#include "registry/dns_lookup.h"
#include "registry/listing.h"
#include "registry/server_address.h"
#include "tern/dns.h"

namespace tern {

namespace {

Status wrong(std::string what) {
  return Status(Code::kInvalidArgument, std::move(what), HandlerRan::kNo);
}

Result<std::shared_ptr<Registry>> open(Result<registry::ServerLookup> lookup, IoPool& pool,
                                       const DnsOptions& options) {
  if (!lookup.ok()) return lookup.take_status();
  return registry::make_listing(
      pool,
      [lookup = std::move(*lookup), &pool, options] {
        return std::make_shared<registry::DnsDiscovery>(lookup, pool.next(), options);
      },
      "DNS takes no announcements: list the server where the zone is kept");
}

bool is_name(std::string_view text) {
  constexpr std::size_t kMaxName = 253;
  return !text.empty() && text.size() <= kMaxName &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) > ' ' && c != 0x7f && c != '@' && c != ':' &&
                  c != '/';
         });
}

}  // namespace

Result<std::shared_ptr<Registry>> open_dns(std::string_view where, IoPool& pool,
                                           const DnsOptions& options) {
  Result<Endpoint> endpoint = registry::parse_server_address(where);
  if (!endpoint.ok()) {
    return endpoint.status().with_context(fmt::format("registry \"dns@{}\"", where));
  }
  if (endpoint->transport == Endpoint::Transport::kUnix) {
    return wrong(fmt::format(
        "registry \"dns@{}\": expected \"dns@host:port\"; a Unix socket has no name in DNS",
        where));
  }
  return open(registry::host_lookup(*endpoint, options), pool, options);
}

Result<std::shared_ptr<Registry>> open_srv(std::string_view name, IoPool& pool,
                                           const DnsOptions& options) {
  if (!is_name(name)) {
    return wrong(
        fmt::format("registry \"srv@{}\": expected a name alone, such as "
                    "\"srv@_arith._tcp.example.org\"; the records have the ports",
                    name));
  }
  return open(registry::srv_lookup(std::string(name), options), pool, options);
}

}  // namespace tern
