#include "tern/endpoint.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/address_protocols.h"

namespace tern {

namespace {

using Transport = Endpoint::Transport;

constexpr std::string_view kExpected =
    "expected \"tcp@host:port\", \"tcp@[ipv6]:port\", \"unix@path\", \"http@host:port/path\", "
    "\"tls@host:port\" or \"https@host:port/path\", perhaps with a protocol in front, as in "
    "\"netrpc+tcp@host:port\"";
// sockaddr_un has room for 107 bytes and the final zero.
constexpr std::size_t kMaxUnixPath = 107;

struct TransportName {
  std::string_view name;
  Transport transport;
};
constexpr std::array<TransportName, 6> kTransports = {{{"tcp", Transport::kTcp},
                                                       {"unix", Transport::kUnix},
                                                       {"http", Transport::kHttp},
                                                       {"tls", Transport::kTls},
                                                       {"https", Transport::kHttps},
                                                       {"tls-or-tcp", Transport::kTlsOrTcp}}};

std::string_view name_of(Transport transport) {
  return std::find_if(kTransports.begin(), kTransports.end(),
                      [transport](const TransportName& one) { return one.transport == transport; })
      ->name;
}

Status wrong(std::string_view text, std::string_view what) {
  return Status(Code::kInvalidArgument,
                fmt::format("address \"{}\": {}; {}", text, what, kExpected), HandlerRan::kNo);
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return port;
}

bool has_control_or_space(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; });
}

// Perhaps with the zone of a link-local one, as in "fe80::1%eth0".
bool is_ipv6(const std::string& host) {
  const std::size_t percent = host.find('%');
  if (percent != std::string::npos && percent + 1 == host.size()) return false;
  in6_addr address{};
  return ::inet_pton(AF_INET6, host.substr(0, percent).c_str(), &address) == 1;
}

Status parse_host_and_port(std::string_view text, std::string_view where, Endpoint& endpoint) {
  std::string_view port;
  if (where.starts_with('[')) {
    std::size_t close = where.find(']');
    if (close == std::string_view::npos) return wrong(text, "the \"[\" has no \"]\"");
    endpoint.host = where.substr(1, close - 1);
    if (!is_ipv6(endpoint.host)) {
      return wrong(text, fmt::format("\"{}\" in brackets is not an IPv6 address", endpoint.host));
    }
    std::string_view rest = where.substr(close + 1);
    if (!rest.starts_with(':')) return wrong(text, "there is no \":port\" behind the \"]\"");
    port = rest.substr(1);
  } else {
    std::size_t colon = where.rfind(':');
    if (colon == std::string_view::npos) return wrong(text, "there is no \":port\"");
    if (where.find(':') != colon) return wrong(text, "an IPv6 address stands in brackets");
    endpoint.host = where.substr(0, colon);
    port = where.substr(colon + 1);
  }
  if (has_control_or_space(endpoint.host)) return wrong(text, "the host has a space in it");
  if (endpoint.host.find_first_of("[]") != std::string::npos) {
    return wrong(text, "brackets stand around the whole of an IPv6 address");
  }
  std::optional<std::uint16_t> number = parse_port(port);
  if (!number) return wrong(text, fmt::format("port \"{}\" is not a number from 0 to 65535", port));
  endpoint.port = *number;
  return {};
}

Status parse_http(std::string_view text, std::string_view where, Endpoint& endpoint) {
  std::size_t slash = where.find('/');
  if (slash != std::string_view::npos) {
    endpoint.path = where.substr(slash);
    if (has_control_or_space(endpoint.path)) return wrong(text, "the path has a space in it");
    where = where.substr(0, slash);
  }
  return parse_host_and_port(text, where, endpoint);
}

Status parse_unix(std::string_view text, std::string_view where, Endpoint& endpoint) {
  if (where.empty()) return wrong(text, "the path is empty");
  if (where.find('\0') != std::string_view::npos) return wrong(text, "the path has a zero byte");
  if (where.size() > kMaxUnixPath) {
    return wrong(text, fmt::format("the path is {} bytes long; a Unix socket's has at most {}",
                                   where.size(), kMaxUnixPath));
  }
  endpoint.path = where;
  return {};
}

const base::AddressProtocol* find_protocol(std::string_view prefix) {
  auto found =
      std::find_if(base::kAddressProtocols.begin(), base::kAddressProtocols.end(),
                   [prefix](const base::AddressProtocol& one) { return one.prefix == prefix; });
  return found == base::kAddressProtocols.end() ? nullptr : &*found;
}

// "\"netrpc\", \"jsonrpc\" and \"connect\"".
std::string known_protocols() {
  std::string text;
  for (std::size_t i = 0; i < base::kAddressProtocols.size(); ++i) {
    std::string_view before = i == 0                                    ? ""
                              : i + 1 == base::kAddressProtocols.size() ? " and "
                                                                        : ", ";
    text += fmt::format("{}\"{}\"", before, base::kAddressProtocols[i].prefix);
  }
  return text;
}

std::string unknown_transport(std::string_view name) {
  const base::AddressProtocol* protocol = find_protocol(name);
  if (!protocol) return fmt::format("transport \"{}\" is not known", name);
  return fmt::format("\"{}\" is a protocol; its transport stands behind it: \"{}+{}@\"", name, name,
                     protocol->over == base::AddressProtocol::Over::kHttp ? "http" : "tcp");
}

// What is spoken over which transport.
Status check(std::string_view text, const base::AddressProtocol& protocol,
             const Endpoint& endpoint) {
  using Over = base::AddressProtocol::Over;
  bool http = endpoint.over_http();
  if (endpoint.transport == Transport::kTlsOrTcp) {
    return wrong(text, "\"tls-or-tcp\" is for servers that listen; they detect the protocol");
  }
  if (protocol.over == Over::kAll || (protocol.over == Over::kHttp) == http) return {};
  std::string why = fmt::format("protocol \"{}\" goes over {}", protocol.prefix,
                                http ? "\"tcp\", \"unix\" or \"tls\"" : "\"http\" or \"https\"");
  if (!protocol.instead.empty()) {
    why +=
        fmt::format("; over \"{}\" there is \"{}\"", name_of(endpoint.transport), protocol.instead);
  }
  return wrong(text, why);
}

}  // namespace

std::string Endpoint::to_string() const {
  std::string text;
  for (const base::AddressProtocol& one : base::kAddressProtocols) {
    if (one.id == protocol) text = fmt::format("{}+", one.prefix);
  }
  text += name_of(transport);
  if (transport == Transport::kUnix) return fmt::format("{}@{}", text, path);
  bool colons = host.find(':') != std::string::npos;
  return fmt::format("{}@{}{}{}:{}{}", text, colons ? "[" : "", host, colons ? "]" : "", port,
                     over_http() ? path : "");
}

Result<Endpoint> parse_endpoint(std::string_view text) {
  Endpoint endpoint;
  std::size_t at = text.find('@');
  if (at == std::string_view::npos) return wrong(text, "there is no \"@\"");
  std::string_view transport = text.substr(0, at);
  std::string_view where = text.substr(at + 1);
  const base::AddressProtocol* protocol = nullptr;
  if (std::size_t plus = transport.find('+'); plus != std::string_view::npos) {
    std::string_view name = transport.substr(0, plus);
    transport = transport.substr(plus + 1);
    protocol = find_protocol(name);
    if (!protocol) {
      return wrong(
          text, fmt::format("protocol \"{}\" is not known; there are {}", name, known_protocols()));
    }
    endpoint.protocol = protocol->id;
  }
  auto found =
      std::find_if(kTransports.begin(), kTransports.end(),
                   [transport](const TransportName& one) { return one.name == transport; });
  if (found == kTransports.end()) {
    return wrong(text, unknown_transport(transport));
  }
  endpoint.transport = found->transport;
  Status failure;
  switch (endpoint.transport) {
    case Transport::kTcp:
    case Transport::kTls:
    case Transport::kTlsOrTcp:
      failure = parse_host_and_port(text, where, endpoint);
      break;
    case Transport::kUnix:
      failure = parse_unix(text, where, endpoint);
      break;
    case Transport::kHttp:
    case Transport::kHttps:
      failure = parse_http(text, where, endpoint);
      break;
  }
  if (failure.ok() && protocol) failure = check(text, *protocol, endpoint);
  if (!failure.ok()) return failure;
  return endpoint;
}

}  // namespace tern
