#include <algorithm>
#include <memory>
#include <utility>

#include "etcd/etcd_client.h"
#include "etcd/etcd_discovery.h"
#include "etcd/etcd_registration.h"
#include "net/dial.h"
#include "net/secure_dialer.h"
#include "registry/registry_where.h"
#include "tern/etcd.h"

namespace tern {

namespace {

class EtcdRegistry final : public Registry {
 public:
  EtcdRegistry(IoPool& pool, std::shared_ptr<const etcd::Setup> setup)
      : pool_(pool), setup_(std::move(setup)) {}

  std::shared_ptr<Discovery> discover(std::string_view service) override {
    return std::make_shared<etcd::Discovery>(pool_, setup_, service);
  }
  std::unique_ptr<Registration> announce(std::string_view service, Instance instance) override {
    return std::make_unique<etcd::Registration>(pool_, setup_, service, instance);
  }

 private:
  IoPool& pool_;
  std::shared_ptr<const etcd::Setup> setup_;
};

Result<std::shared_ptr<Registry>> open_etcd(std::string_view where, IoPool& pool,
                                            const EtcdOptions& options) {
  Result<registry::Location> read = registry::parse_registry_where("etcd", where);
  if (!read.ok()) return read.take_status();
  auto setup = std::make_shared<etcd::Setup>();
  setup->servers = std::move(read->servers);
  setup->prefix = std::move(read->prefix);
  setup->options = options;
  setup->options.ttl = std::max(options.ttl, std::chrono::seconds(1));
  setup->dialer = options.dialer ? options.dialer : std::make_shared<net::SocketDialer>();
  if (options.credentials) {
    for (Endpoint& server : setup->servers) server.transport = Endpoint::Transport::kTls;
    setup->dialer = std::make_shared<net::SecureDialer>(
        std::move(setup->dialer), options.credentials, net::SecureWhen::kConnected, "http/1.1");
  }
  return std::shared_ptr<Registry>(std::make_shared<EtcdRegistry>(pool, std::move(setup)));
}

}  // namespace

void add_etcd(Registries& registries, EtcdOptions options) {
  registries.add("etcd", [options = std::move(options)](std::string_view where, IoPool& pool) {
    return open_etcd(where, pool, options);
  });
}

}  // namespace tern
