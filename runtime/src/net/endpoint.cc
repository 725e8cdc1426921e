#include "tern/endpoint.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace tern {

namespace {

constexpr std::string_view kExpected =
    "expected \"tcp@host:port\", \"tcp@[ipv6]:port\" or \"unix@path\"";
// sockaddr_un has room for 107 bytes and the final zero.
constexpr std::size_t kMaxUnixPath = 107;

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
  for (char c : text) {
    if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f) return true;
  }
  return false;
}

Result<Endpoint> parse_tcp(std::string_view text, std::string_view where) {
  Endpoint endpoint;
  std::string_view port;
  if (where.starts_with('[')) {
    std::size_t close = where.find(']');
    if (close == std::string_view::npos) return wrong(text, "the \"[\" has no \"]\"");
    endpoint.host = where.substr(1, close - 1);
    std::string_view rest = where.substr(close + 1);
    if (!rest.starts_with(':')) return wrong(text, "there is no \":port\" behind the \"]\"");
    port = rest.substr(1);
  } else {
    std::size_t colon = where.rfind(':');
    if (colon == std::string_view::npos) return wrong(text, "there is no \":port\"");
    if (where.find(':') != colon) {
      return wrong(text, "an IPv6 address stands in brackets");
    }
    endpoint.host = where.substr(0, colon);
    port = where.substr(colon + 1);
  }
  if (has_control_or_space(endpoint.host)) return wrong(text, "the host has a space in it");
  std::optional<std::uint16_t> number = parse_port(port);
  if (!number) return wrong(text, fmt::format("port \"{}\" is not a number from 0 to 65535", port));
  endpoint.port = *number;
  return endpoint;
}

}  // namespace

std::string Endpoint::to_string() const {
  if (transport == Transport::kUnix) return fmt::format("unix@{}", path);
  if (host.find(':') != std::string::npos) return fmt::format("tcp@[{}]:{}", host, port);
  return fmt::format("tcp@{}:{}", host, port);
}

Result<Endpoint> parse_endpoint(std::string_view text) {
  std::size_t at = text.find('@');
  if (at == std::string_view::npos) return wrong(text, "there is no \"@\"");
  std::string_view transport = text.substr(0, at);
  std::string_view where = text.substr(at + 1);
  if (transport == "tcp") return parse_tcp(text, where);
  if (transport != "unix") {
    return wrong(text, fmt::format("transport \"{}\" is not known", transport));
  }
  if (where.empty()) return wrong(text, "the path is empty");
  if (where.find('\0') != std::string_view::npos) return wrong(text, "the path has a zero byte");
  if (where.size() > kMaxUnixPath) {
    return wrong(text, fmt::format("the path is {} bytes long; a Unix socket's has at most {}",
                                   where.size(), kMaxUnixPath));
  }
  Endpoint endpoint;
  endpoint.transport = Endpoint::Transport::kUnix;
  endpoint.path = where;
  return endpoint;
}

}  // namespace tern
