#include <memory>
#include <string>
#include <utility>

#include "base/random.h"
#include "net/dial.h"
#include "net/secure_dialer.h"
#include "registry/http_discovery.h"
#include "registry/http_registration.h"
#include "tern/http_registry.h"

namespace tern::registry {

namespace {

class HttpRegistry final : public Registry {
 public:
  HttpRegistry(std::shared_ptr<const Access> access, IoPool& pool)
      : access_(std::move(access)), pool_(pool) {}

  std::shared_ptr<Discovery> discover(std::string_view service) override {
    return std::make_shared<HttpDiscovery>(access_, std::string(service), pool_);
  }
  std::unique_ptr<Registration> announce(std::string_view service, Instance instance) override {
    return std::make_unique<HttpRegistration>(access_, std::string(service), std::move(instance),
                                              pool_);
  }

 private:
  const std::shared_ptr<const Access> access_;
  IoPool& pool_;
};

}  // namespace

}  // namespace tern::registry

namespace tern {

Result<std::shared_ptr<Registry>> open_http_registry(std::string_view where, IoPool& pool,
                                                     HttpRegistryOptions options) {
  auto access = std::make_shared<registry::Access>();
  Result<registry::Target> target =
      registry::parse_target(where, options.token, options.credentials != nullptr);
  if (!target.ok()) return target.take_status();
  access->target = *std::move(target);
  access->options = std::move(options);
  access->options.random = base::shared_random(std::move(access->options.random));
  std::shared_ptr<Dialer>& dialer = access->options.dialer;
  if (!dialer) dialer = std::make_shared<net::SocketDialer>();
  if (access->options.credentials) {
    dialer = std::make_shared<net::SecureDialer>(std::move(dialer), access->options.credentials,
                                                 net::SecureWhen::kConnected, "http/1.1");
  }
  return std::shared_ptr<Registry>(std::make_shared<registry::HttpRegistry>(access, pool));
}

}  // namespace tern
