// What a lookup finds, again and again.
#pragma once

#include <memory>

#include "net/loop.h"
#include "registry/dns_lookup.h"
#include "tern/discovery.h"

namespace tern::registry {

// Each look has a thread of its own, which nobody waits for: it may outlive the discovery, and the
// loop. There is one at a time. Threads: any.
class DnsDiscovery final : public Discovery {
 public:
  DnsDiscovery(ServerLookup lookup, Loop& loop, const DnsOptions& options);
  DnsDiscovery(const DnsDiscovery&) = delete;
  DnsDiscovery& operator=(const DnsDiscovery&) = delete;
  ~DnsDiscovery() override;

  ServerView view() const override;
  std::unique_ptr<Watch> watch(OnChange on_change) override;
  void refresh() override;

 private:
  class Core;
  Loop& loop_;
  std::shared_ptr<Core> core_;
};

}  // namespace tern::registry
