#include "registry/dns_lookup.h"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <asio/ip/address.hpp>
#include <cerrno>
#include <map>
#include <memory>
#include <span>
#include <system_error>
#include <utility>

#include "registry/dns_query.h"

namespace tern::registry {

namespace {

using Addresses = DnsAnswer<std::string>;

// Each may cost two questions, and the look may last as long as all of them.
constexpr std::size_t kMaxSrvRecords = 256;

// How names are asked for.
struct Asking {
  std::optional<sockaddr_in> nameserver;  // none: as the system has it
  std::chrono::seconds timeout{0};
};

template <typename A, typename B>
void keep_shorter(std::optional<A>& ttl, const std::optional<B>& other) {
  if (other && (!ttl || *other < *ttl)) ttl = *other;
}

Status no_address(const std::string& host) {
  return Status(Code::kNotFound, fmt::format("dns: host \"{}\" has no address", host),
                HandlerRan::kNo);
}

Result<Addresses> ask_system(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* list = nullptr;
  int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
  if (error != 0) {
    std::string why = error == EAI_SYSTEM ? std::generic_category().message(errno)
                                          : std::string(::gai_strerror(error));
    bool unknown = error == EAI_NONAME || error == EAI_NODATA;
    return Status(unknown ? Code::kNotFound : Code::kUnavailable,
                  fmt::format("dns: host \"{}\": {}", host, why), HandlerRan::kNo);
  }
  std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(list, ::freeaddrinfo);
  Addresses found;
  for (const addrinfo* one = list; one != nullptr; one = one->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (::getnameinfo(one->ai_addr, one->ai_addrlen, text.data(), text.size(), nullptr, 0,
                      NI_NUMERICHOST) == 0) {
      found.records.emplace_back(text.data());
    }
  }
  return found;
}

// Addresses of one kind are enough: there are nameservers that never answer for the other.
Result<Addresses> ask_nameserver(const std::string& host, const Asking& asking) {
  DnsQuery query(asking.nameserver, asking.timeout);
  Result<Addresses> found = query.addresses(host, DnsType::kA);
  if (!found.ok() && found.status().code() == Code::kNotFound) return found;
  Result<Addresses> more = query.addresses(host, DnsType::kAaaa);
  if (!found.ok()) return more.ok() && !more->records.empty() ? std::move(more) : std::move(found);
  if (!more.ok()) return found->records.empty() ? std::move(more) : std::move(found);
  for (std::string& address : more->records) found->records.push_back(std::move(address));
  if (!more->records.empty()) keep_shorter(found->ttl, more->ttl);
  return found;
}

Result<Addresses> addresses_of(const std::string& host, const Asking& asking) {
  std::error_code not_a_number;
  asio::ip::make_address(host, not_a_number);
  if (!not_a_number) {
    Addresses itself;
    itself.records.push_back(host);
    return itself;
  }
  Result<Addresses> found = asking.nameserver ? ask_nameserver(host, asking) : ask_system(host);
  if (found.ok() && found->records.empty()) return no_address(host);
  return found;
}

Result<FoundServers> look_up_host(const Endpoint& endpoint, const Asking& asking) {
  Result<Addresses> addresses = addresses_of(endpoint.host, asking);
  if (!addresses.ok()) return addresses.take_status();
  FoundServers found;
  keep_shorter(found.ttl, addresses->ttl);
  for (std::string& address : addresses->records) {
    Instance& server = found.servers.emplace_back(endpoint);
    server.endpoint.host = std::move(address);
  }
  return found;
}

// Addresses of the targets of one look: each is asked for once.
class Targets {
 public:
  explicit Targets(const Asking& asking) : asking_(asking) {}

  const Result<Addresses>& addresses_of(const std::string& target) {
    auto found = known_.find(target);
    if (found == known_.end()) {
      found = known_.emplace(target, registry::addresses_of(target, asking_)).first;
    }
    return found->second;
  }

 private:
  const Asking& asking_;
  std::map<std::string, Result<Addresses>> known_;
};

// The records of one priority. Targets that do not exist take no calls; one that could not be
// asked for may be there, which is a failure.
Status add_servers(std::span<const SrvRecord> records, Targets& targets, FoundServers& found,
                   Status& missing) {
  for (const SrvRecord& record : records) {
    const Result<Addresses>& addresses = targets.addresses_of(record.target);
    if (!addresses.ok()) {
      if (addresses.status().code() != Code::kNotFound) return addresses.status();
      missing = addresses.status();
      continue;
    }
    keep_shorter(found.ttl, addresses->ttl);
    for (const std::string& address : addresses->records) {
      Instance& server = found.servers.emplace_back();
      server.endpoint.host = address;
      server.endpoint.port = record.port;
      server.weight = std::max<std::uint32_t>(record.weight, 1);
    }
  }
  return {};
}

Result<FoundServers> servers_of(std::vector<SrvRecord> records, const Asking& asking) {
  std::sort(records.begin(), records.end(), [](const SrvRecord& one, const SrvRecord& other) {
    return one.priority < other.priority;
  });
  FoundServers found;
  Targets targets(asking);
  Status missing;
  for (std::span<const SrvRecord> rest = records; !rest.empty() && found.servers.empty();) {
    auto end = std::find_if(rest.begin(), rest.end(), [&](const SrvRecord& record) {
      return record.priority != rest.front().priority;
    });
    auto count = static_cast<std::size_t>(end - rest.begin());
    Status failure = add_servers(rest.first(count), targets, found, missing);
    if (!failure.ok()) return failure;
    rest = rest.subspan(count);
  }
  if (found.servers.empty()) return missing;
  return found;
}

Result<FoundServers> look_up_srv(const std::string& name, const Asking& asking) {
  Result<DnsAnswer<SrvRecord>> answer = DnsQuery(asking.nameserver, asking.timeout).srv(name);
  if (!answer.ok()) return answer.take_status();
  if (answer->records.size() > kMaxSrvRecords) {
    return Status(Code::kUnavailable,
                  fmt::format("dns: \"{}\" has {} SRV records; expected at most {}", name,
                              answer->records.size(), kMaxSrvRecords),
                  HandlerRan::kNo);
  }
  auto unusable = [](const SrvRecord& record) { return record.target == "." || record.port == 0; };
  std::erase_if(answer->records, unusable);
  if (answer->records.empty()) {
    return Status(Code::kNotFound, fmt::format("dns: \"{}\" has no SRV record of a server", name),
                  HandlerRan::kNo);
  }
  Result<FoundServers> found = servers_of(std::move(answer->records), asking);
  if (!found.ok()) return found.status().with_context(fmt::format("dns: SRV of \"{}\"", name));
  keep_shorter(found->ttl, answer->ttl);
  return found;
}

Result<Asking> read_options(const DnsOptions& options) {
  Asking asking;
  asking.timeout = options.timeout;
  if (options.nameserver.empty()) return asking;
  Result<sockaddr_in> nameserver = parse_nameserver(options.nameserver);
  if (!nameserver.ok()) return nameserver.take_status();
  asking.nameserver = *nameserver;
  return asking;
}

}  // namespace

Result<ServerLookup> host_lookup(const Endpoint& endpoint, const DnsOptions& options) {
  Result<Asking> asking = read_options(options);
  if (!asking.ok()) return asking.take_status();
  return ServerLookup([endpoint, asking = *asking] { return look_up_host(endpoint, asking); });
}

Result<ServerLookup> srv_lookup(const std::string& name, const DnsOptions& options) {
  Result<Asking> asking = read_options(options);
  if (!asking.ok()) return asking.take_status();
  return ServerLookup([name, asking = *asking] { return look_up_srv(name, asking); });
}

}  // namespace tern::registry
