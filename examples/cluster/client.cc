// Calls the servers of Foo that a registry lists:
//   cluster_client --registry ADDRESS [--servers N] (balancers | broadcast | load)
#include <CLI/CLI.hpp>
#include <cstddef>
#include <future>
#include <iostream>
#include <memory>
#include <string>

#include "demos.h"
#include "registries.h"

namespace {

// Returns when so many servers are listed.
void wait_for_servers(tern::Discovery& discovery, std::size_t wanted) {
  if (wanted == 0) return;
  std::promise<void> listed;
  bool enough = false;  // touched by the watch alone: its calls come one at a time
  auto watch = discovery.watch([&](const tern::ServerView& view) {
    if (!view.status.ok()) std::cerr << "cluster_client: " << view.status.to_string() << std::endl;
    if (enough || !view.known() || view.servers->size() < wanted) return;
    enough = true;
    listed.set_value();
  });
  listed.get_future().wait();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Calls the servers of Foo that a registry lists.");
  std::string address;
  app.add_option("--registry", address,
                 "http@HOST:PORT/PATH, etcd@HOST:PORT or zookeeper@HOST:PORT")
      ->required();
  std::size_t wanted = 0;
  app.add_option("--servers", wanted, "waits until so many are listed");
  app.require_subcommand(1);
  CLI::App* balancers = app.add_subcommand("balancers", "the same calls with every balancer");
  CLI::App* broadcast = app.add_subcommand("broadcast", "calls to all servers at once");
  app.add_subcommand("load", "a thousand calls");
  CLI11_PARSE(app, argc, argv);

  tern::IoPool pool;
  tern::Result<std::shared_ptr<tern::Registry>> registry = known_registries().open(address, pool);
  if (!registry.ok()) {
    std::cerr << "cluster_client: " << registry.status().to_string() << '\n';
    return 1;
  }
  std::shared_ptr<tern::Discovery> servers = (*registry)->discover("Foo");
  wait_for_servers(*servers, wanted);
  const auto show = *balancers ? show_balancers : *broadcast ? show_broadcast : show_load;
  return show(servers, pool) ? 0 : 1;
}
