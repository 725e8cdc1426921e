// Looks at an HTTP registry, again and again.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "net/loop.h"
#include "registry/registry_requests.h"
#include "tern/dialer.h"
#include "tern/discovery.h"
#include "tern/http_registry.h"

namespace tern::registry {

// What discoveries and registrations of one registry share; immutable. `random` may be called on
// any thread.
struct Access {
  Access() = default;
  Target target;
  HttpRegistryOptions options;  // with a dialer and a random source
};

// Threads: any.
class HttpDiscovery final : public Discovery {
 public:
  HttpDiscovery(std::shared_ptr<const Access> access, std::string service, IoPool& pool);
  HttpDiscovery(const HttpDiscovery&) = delete;
  HttpDiscovery& operator=(const HttpDiscovery&) = delete;
  ~HttpDiscovery() override;

  ServerView view() const override;
  std::unique_ptr<Watch> watch(OnChange on_change) override;
  void refresh() override;

 private:
  class Core;
  IoPool& pool_;
  Loop& loop_;
  std::shared_ptr<Core> core_;
};

}  // namespace tern::registry
