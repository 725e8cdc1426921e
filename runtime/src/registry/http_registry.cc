#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <utility>

#include "net/dial.h"
#include "registry/http_discovery.h"
#include "registry/http_registration.h"
#include "tern/http_registry.h"

namespace tern {

namespace registry {

namespace {

// For several threads. Null: a generator of its own.
std::function<double()> locked(std::function<double()> random) {
  struct Source {
    std::mutex mutex;  // guards the following
    std::function<double()> random;
    std::minstd_rand engine;
  };
  auto source = std::make_shared<Source>();
  source->random = std::move(random);
  if (!source->random) source->engine.seed(std::random_device()());
  return [source] {
    std::lock_guard lock(source->mutex);
    if (source->random) return source->random();
    return std::uniform_real_distribution<double>(0.0, 1.0)(source->engine);
  };
}

class HttpRegistry final : public Registry {
 public:
  HttpRegistry(std::shared_ptr<const RegistryAccess> access, IoPool& pool)
      : access_(std::move(access)), pool_(pool) {}

  std::shared_ptr<Discovery> discover(std::string_view service) override {
    return std::make_shared<HttpDiscovery>(access_, std::string(service), pool_);
  }
  std::unique_ptr<Registration> announce(std::string_view service, Instance instance) override {
    return std::make_unique<HttpRegistration>(access_, std::string(service), std::move(instance),
                                              pool_);
  }

 private:
  const std::shared_ptr<const RegistryAccess> access_;
  IoPool& pool_;
};

}  // namespace

}  // namespace registry

Result<std::shared_ptr<Registry>> open_http_registry(std::string_view where, IoPool& pool,
                                                     HttpRegistryOptions options) {
  auto access = std::make_shared<registry::RegistryAccess>();
  Result<registry::RegistryTarget> target = registry::parse_target(where, options.token);
  if (!target.ok()) return target.take_status();
  access->target = *std::move(target);
  access->options = std::move(options);
  access->options.random = registry::locked(std::move(access->options.random));
  if (!access->options.dialer) access->options.dialer = std::make_shared<SocketDialer>();
  return std::shared_ptr<Registry>(std::make_shared<registry::HttpRegistry>(access, pool));
}

}  // namespace tern
