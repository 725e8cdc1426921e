#include "debug_pages/access.h"

#include <algorithm>
#include <array>
#include <asio/ip/address.hpp>
#include <string>
#include <system_error>

#include "base/ascii.h"

namespace tern::debug_pages {

namespace {

// What proxies say of themselves.
constexpr std::array<std::string_view, 6> kOfProxies = {
    "forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"};

constexpr std::array<std::string_view, 3> kLoopbackNames = {"localhost", "127.0.0.1", "[::1]"};

// `host` without its port; "" if what follows the name is no port.
std::string_view name_of(std::string_view host) {
  std::size_t end = host.starts_with('[') ? host.find(']') + 1 : host.find(':');
  if (end == 0) return {};
  if (end >= host.size()) return host;
  std::string_view port = host.substr(end);
  return port.front() == ':' && base::is_all_digits(port.substr(1)) ? host.substr(0, end)
                                                                    : std::string_view();
}

bool is_address(std::string_view name) {
  std::error_code error;
  if (name.starts_with('[')) {
    asio::ip::make_address_v6(std::string(name.substr(1, name.size() - 2)), error);
  } else {
    asio::ip::make_address_v4(std::string(name), error);
  }
  return !error;
}

}  // namespace

bool host_allowed(std::string_view host, const DebugPages& rules) {
  std::string_view name = name_of(host);
  if (name.empty()) return false;
  auto is_name = [name](std::string_view allowed) {
    return base::equal_ignoring_case(name, allowed);
  };
  return std::any_of(kLoopbackNames.begin(), kLoopbackNames.end(), is_name) ||
         std::any_of(rules.hosts.begin(), rules.hosts.end(), is_name) ||
         (!rules.loopback_only && is_address(name));
}

Asker asker_of(const HttpHandler::Request& request) noexcept {
  Asker asker;
  asker.host = request.headers->get("host");
  asker.peer_is_local = request.peer_is_local;
  for (const auto& [name, value] : *request.headers) {
    asker.forwarded = asker.forwarded ||
                      std::find(kOfProxies.begin(), kOfProxies.end(), name) != kOfProxies.end();
  }
  return asker;
}

std::string_view refusal_of(const Asker& asker, const DebugPages& rules) {
  if (rules.loopback_only && !asker.peer_is_local) {
    return "403 only for this machine; ServerOptions::debug_pages can allow others\n";
  }
  if (rules.loopback_only && asker.forwarded) {
    return "403 only for this machine, and this came through a proxy; "
           "ServerOptions::debug_pages can allow others\n";
  }
  if (!host_allowed(asker.host, rules)) {
    return "403 the Host header has another name; use localhost, or add the name to "
           "ServerOptions::debug_pages.hosts\n";
  }
  return {};
}

}  // namespace tern::debug_pages
