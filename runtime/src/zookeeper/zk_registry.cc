#include <algorithm>
#include <memory>
#include <utility>

#include "registry/registry_where.h"
#include "tern/zookeeper.h"
#include "zookeeper/zk_discovery.h"
#include "zookeeper/zk_registration.h"
#include "zookeeper/zk_session.h"

namespace tern {

namespace {

class ZkRegistry final : public Registry {
 public:
  ZkRegistry(IoPool& pool, std::shared_ptr<const zookeeper::Setup> setup)
      : owner_(std::make_shared<zookeeper::SessionOwner>(pool, std::move(setup))) {}

  std::shared_ptr<Discovery> discover(std::string_view service) override {
    return std::make_shared<zookeeper::Discovery>(owner_, service);
  }
  std::unique_ptr<Registration> announce(std::string_view service, Instance instance) override {
    return std::make_unique<zookeeper::Registration>(owner_, service, instance);
  }

 private:
  std::shared_ptr<zookeeper::SessionOwner> owner_;
};

Result<std::shared_ptr<Registry>> open_zookeeper(std::string_view where, IoPool& pool,
                                                 const ZooKeeperOptions& options) {
  Result<registry::Location> read = registry::parse_registry_where("zookeeper", where);
  if (!read.ok()) return read.take_status();
  auto setup = std::make_shared<zookeeper::Setup>();
  for (const Endpoint& server : read->servers) {
    setup->servers += (setup->servers.empty() ? "" : ",") + registry::host_and_port(server);
  }
  setup->prefix = std::move(read->prefix);
  setup->options = options;
  setup->options.session_timeout =
      std::max(options.session_timeout, std::chrono::milliseconds(100));
  return std::shared_ptr<Registry>(std::make_shared<ZkRegistry>(pool, std::move(setup)));
}

}  // namespace

void add_zookeeper(Registries& registries, ZooKeeperOptions options) {
  registries.add("zookeeper", [options = std::move(options)](std::string_view where, IoPool& pool) {
    return open_zookeeper(where, pool, options);
  });
}

}  // namespace tern
