#include "chaos/channels.h"

#include <array>
#include <chrono>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "chaos/time_limits.h"
#include "tern/http_registry.h"

namespace tern::chaos {

namespace {

struct Protocol {
  std::string_view name;
  std::string_view scheme;
  std::string_view codec;
};

constexpr std::string_view kNative = "application/x-tern";

constexpr std::array<Protocol, 11> kProtocols{{
    {"tern", "tcp", kNative},
    {"tern+json", "tcp", "application/x-tern+json"},
    {"netrpc", "netrpc+tcp", kNative},
    {"netrpc+http", "netrpc+http", kNative},
    {"gee+gob", "tcp", "application/gob"},
    {"jsonrpc", "jsonrpc+tcp", kNative},
    {"jsonrpc2", "jsonrpc2+tcp", kNative},
    {"jsonrpc2+http", "jsonrpc2+http", kNative},
    {"connect", "connect+http", kNative},
    {"connect-h2", "connect-h2+tcp", kNative},
    {"grpc-web", "grpc-web+http", kNative},
}};

void quiet(ClientOptions& options) {
  make_impatient(options);
  options.log = [](std::string_view) {};
}

ClusterOptions named_cluster_options(std::string name) {
  ClusterOptions options;
  quiet(options.client);
  options.name = std::move(name);
  options.outliers.first = std::chrono::seconds(2);
  options.outliers.longest = std::chrono::seconds(4);
  return options;
}

}  // namespace

std::vector<CallingChannel> make_channels(const ChannelsOptions& options, IoPool& pool) {
  HttpRegistryOptions asking;
  asking.wait = std::chrono::seconds(5);
  asking.backoff.max = std::chrono::seconds(2);
  auto registry = open_http_registry(options.registry, pool, asking);
  if (!registry.ok()) throw std::runtime_error(registry.status().to_string());

  std::vector<CallingChannel> made;
  auto add_cluster = [&](const std::string& service, ClusterOptions how) {
    auto cluster = std::make_unique<Cluster>((*registry)->discover(service), pool, std::move(how));
    made.push_back({service, nullptr, std::move(cluster)});
  };
  ClusterOptions hedging = named_cluster_options("Till");
  hedging.hedge.after = std::chrono::milliseconds(50);
  hedging.balancer = power_of_two();
  add_cluster("Till", std::move(hedging));
  ClusterOptions proxied = named_cluster_options("TillByProxy");
  proxied.balancer = least_pending();
  add_cluster("TillByProxy", std::move(proxied));
  add_cluster("TillOfGo", named_cluster_options("TillOfGo"));

  for (std::size_t i = 0; i < kProtocols.size(); ++i) {
    const Protocol& protocol = kProtocols[i];
    const std::size_t server = (options.seed + i) % options.servers.size();
    const bool by_proxy = ((options.seed >> i) & 1) != 0;
    const std::string& where = by_proxy ? options.proxied[server] : options.servers[server];
    ClientOptions how;
    quiet(how);
    how.codec = protocol.codec;
    std::string address = std::string(protocol.scheme) + "@" + where;
    auto client = std::make_unique<Client>(address, pool, std::move(how));
    made.push_back(
        {std::string(protocol.name) + (by_proxy ? " by proxy" : ""), std::move(client), nullptr});
  }
  return made;
}

}  // namespace tern::chaos
