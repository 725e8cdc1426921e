// Questions to a nameserver.
#pragma once

#include <resolv.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/dns_answer.h"
#include "tern/result.h"

namespace tern::registry {

// "10.0.0.53" or "10.0.0.53:5353" in numbers.
Result<sockaddr_in> parse_nameserver(std::string_view text);

// Asks by UDP, and by TCP if the answer does not fit into a datagram, with a state of its own. It
// blocks until the answer comes: not for a loop's thread. A datagram that does not answer the
// question is ignored. Failures are those of read_addresses(), and kUnavailable if no answer comes.
// Threads: one at a time.
class DnsQuery {
 public:
  // `nameserver` none: those of the system.
  DnsQuery(const std::optional<sockaddr_in>& nameserver, std::chrono::seconds timeout);
  DnsQuery(const DnsQuery&) = delete;
  DnsQuery& operator=(const DnsQuery&) = delete;
  ~DnsQuery();

  // `type` is kA or kAaaa.
  Result<DnsAnswer<std::string>> addresses(const std::string& name, DnsType type);
  Result<DnsAnswer<SrvRecord>> srv(const std::string& name);

 private:
  Result<std::vector<std::byte>> ask(const std::string& name, DnsType type);

  struct ::__res_state state_ {};
  const std::string asked_;  // "nameserver 10.0.0.53:53 has"
  bool ready_ = false;
};

}  // namespace tern::registry
