// Looks servers up by DNS, again and again.
#pragma once

#include <memory>

#include "net/loop.h"
#include "registry/dns_lookup.h"
#include "tern/discovery.h"

namespace tern::registry {

// Each look-up runs on a thread of its own, one at a time. Nothing waits for that thread: it may
// outlive the discovery, and the loop. Threads: any.
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
