#include "registry/dns_query.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <fmt/format.h>
#include <netdb.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "tern/endpoint.h"

namespace tern::registry {

namespace {

constexpr std::uint16_t kDnsPort = 53;
constexpr std::size_t kMaxAnswer = 65'535;

std::string describe(const std::optional<sockaddr_in>& nameserver) {
  if (!nameserver) return "the system's nameservers have";
  std::array<char, INET_ADDRSTRLEN> text{};
  ::inet_ntop(AF_INET, &nameserver->sin_addr, text.data(), text.size());
  return fmt::format("nameserver {}:{} has", text.data(), ntohs(nameserver->sin_port));
}

Status unavailable(const std::string& name, DnsType type, std::string_view what) {
  return Status(Code::kUnavailable,
                fmt::format("dns: {} records of \"{}\": {}", to_string(type), name, what),
                HandlerRan::kNo);
}

}  // namespace

Result<sockaddr_in> parse_nameserver(std::string_view text) {
  std::string whole(text);
  if (text.find(':') == std::string_view::npos) whole += fmt::format(":{}", kDnsPort);
  Result<Endpoint> endpoint = parse_endpoint("tcp@" + whole);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  if (!endpoint.ok() || endpoint->port == 0 ||
      ::inet_pton(AF_INET, endpoint->host.c_str(), &address.sin_addr) != 1) {
    return Status(
        Code::kInvalidArgument,
        fmt::format("nameserver \"{}\": expected an IPv4 address in numbers, perhaps with "
                    "a port, such as \"10.0.0.53\" or \"10.0.0.53:5353\"",
                    text),
        HandlerRan::kNo);
  }
  address.sin_port = htons(endpoint->port);
  return address;
}

DnsQuery::DnsQuery(const std::optional<sockaddr_in>& nameserver, std::chrono::seconds timeout)
    : asked_(describe(nameserver)) {
  ready_ = ::res_ninit(&state_) == 0;
  if (!ready_) return;
  state_.options |= RES_USE_EDNS0;
  auto seconds = std::clamp<std::int64_t>(timeout.count(), 1, RES_MAXRETRANS);
  state_.retrans = static_cast<int>(seconds);
  state_.retry = RES_DFLRETRY;
  if (nameserver) {
    state_.nscount = 1;
    state_.nsaddr_list[0] = *nameserver;
  }
}

DnsQuery::~DnsQuery() {
  if (ready_) ::res_nclose(&state_);
}

Result<DnsAnswer<std::string>> DnsQuery::addresses(const std::string& name, DnsType type) {
  Result<std::vector<std::byte>> answer = ask(name, type);
  if (!answer.ok()) return answer.take_status();
  if (answer->empty()) return DnsAnswer<std::string>();
  return read_addresses(*answer, name, type);
}

Result<DnsAnswer<SrvRecord>> DnsQuery::srv(const std::string& name) {
  Result<std::vector<std::byte>> answer = ask(name, DnsType::kSrv);
  if (!answer.ok()) return answer.take_status();
  if (answer->empty()) return DnsAnswer<SrvRecord>();
  return read_srv_records(*answer, name);
}

// Empty for a name that has no records of the type.
Result<std::vector<std::byte>> DnsQuery::ask(const std::string& name, DnsType type) {
  if (!ready_) return unavailable(name, type, "the system's resolver cannot be set up");
  std::vector<std::byte> answer(kMaxAnswer);
  int size = ::res_nquery(&state_, name.c_str(), ns_c_in, static_cast<int>(type),
                          reinterpret_cast<unsigned char*>(answer.data()),
                          static_cast<int>(answer.size()));
  if (size >= 0) {
    answer.resize(std::min(static_cast<std::size_t>(size), answer.size()));
    return answer;
  }
  switch (state_.res_h_errno) {
    case HOST_NOT_FOUND:
      return Status(Code::kNotFound, fmt::format("dns: there is no name \"{}\"", name),
                    HandlerRan::kNo);
    case NO_DATA:
      return std::vector<std::byte>();
    case TRY_AGAIN:
      return unavailable(name, type, fmt::format("{} not answered, or not been able to", asked_));
    default:
      // Of names that no question can hold, too: it says so before it asks.
      return unavailable(name, type,
                         fmt::format("the resolver says: {}", ::hstrerror(state_.res_h_errno)));
  }
}

}  // namespace tern::registry
