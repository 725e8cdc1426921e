// Servers that DNS lists.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "tern/io_pool.h"
#include "tern/registry.h"
#include "tern/result.h"

namespace tern {

struct DnsOptions {
  DnsOptions() = default;

  // The nameserver to ask, "10.0.0.53" or "10.0.0.53:5353". "": the system's; host names are then
  // looked up as the system does it, with /etc/hosts.
  std::string nameserver;
  // How long to wait for an answer of a nameserver, in whole seconds. After that it is asked a
  // second time. For host names without `nameserver` the system decides.
  std::chrono::seconds timeout{5};
  // When to look again: after the answer's time to live if a nameserver was asked, otherwise after
  // this.
  std::chrono::nanoseconds age{std::chrono::seconds(30)};
  // And no later than this, whatever the time to live is.
  std::chrono::nanoseconds max_age{std::chrono::minutes(5)};
  // No look-up begins sooner than this after the one before, whatever the time to live is and
  // however often Discovery::refresh() asks. It is also the first wait after a failure; the waits
  // then grow up to `age`.
  std::chrono::nanoseconds min_age{std::chrono::seconds(1)};
  // For the jitter of the waits after failures: numbers in [0, 1). Null: a generator that the
  // system seeds.
  std::function<double()> random;
};

// Every address of a name is a server. `where` is "host:port", or an address with a protocol such
// as "netrpc+tcp@host:port"; kInvalidArgument if it cannot be read.
//
// Whatever service is asked for, the servers are those of the name. A look-up that fails leaves
// them as they were; ServerView::status says why. Look-ups run on threads of their own: a slow
// resolver delays nothing, not even the end of the discovery; only the end of the process.
//
// `pool` outlives the registry and what it hands out.
Result<std::shared_ptr<Registry>> open_dns(std::string_view where, IoPool& pool,
                                           const DnsOptions& options = DnsOptions());

// The SRV records of `name`, such as "_arith._tcp.example.org": every address of a record's target
// is a server with the record's port and weight, of which 0 counts as 1. Only the records of the
// lowest priority value that has an existing target count.
Result<std::shared_ptr<Registry>> open_srv(std::string_view name, IoPool& pool,
                                           const DnsOptions& options = DnsOptions());

}  // namespace tern
