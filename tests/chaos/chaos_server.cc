// One of the servers of a run:
//   chaos_server --number N --listen ADDRESS --history FILE [--registry ADDRESS --proxied ADDRESS]
//                [--patient]
// Prints its address once it listens. It is listed in the registry as Till, as TillOfGo for clients
// that speak net/rpc, and as TillByProxy at the proxy's address. SIGTERM ends it as users' servers.
// On its input: "stats".
#include <fmt/format.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>

#include "chaos/commands.h"
#include "chaos/till_service.h"
#include "chaos/time_limits.h"
#include "tern/http_registry.h"
#include "tern/tern.h"

namespace {

using namespace tern;

struct Arguments {
  std::uint16_t number = 0;
  std::string listen;
  std::string history;
  std::string registry;
  std::string proxied;
  bool patient = false;
};

Status announce_as(Server& server, Registry& registry, const std::string& service,
                   const std::string& address) {
  Result<Endpoint> endpoint = parse_endpoint(address);
  if (!endpoint.ok()) return endpoint.take_status();
  return announce(server, registry, service, Instance(*endpoint));
}

Status start(Server& server, IoPool& pool, const Arguments& arguments) {
  Result<Endpoint> address = server.listen(arguments.listen);
  if (!address.ok()) return address.take_status();
  if (!arguments.registry.empty()) {
    HttpRegistryOptions options;
    options.backoff.max = std::chrono::seconds(2);
    auto registry = open_http_registry(arguments.registry, pool, options);
    if (!registry.ok()) return registry.take_status();
    const std::string text = address->to_string();
    Status listed = announce_as(server, **registry, "Till", text);
    if (listed.ok()) listed = announce_as(server, **registry, "TillOfGo", "netrpc+" + text);
    if (listed.ok()) listed = announce_as(server, **registry, "TillByProxy", arguments.proxied);
    if (!listed.ok()) return listed;
  }
  std::cout << address->to_string() << std::endl;
  return {};
}

std::string stats_line(const Server& server) {
  ServerStats stats = server.stats();
  return fmt::format("{} {} {}", stats.connections, stats.calls_running, stats.unsent_bytes);
}

int run(const Arguments& arguments) {
  // A signal that comes before serve_until_signal() is not lost.
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);

  chaos::History history(arguments.history);
  IoPool pool(2);
  ServerOptions options;
  if (!arguments.patient) chaos::make_impatient(options);
  options.log = [](std::string_view) {};
  Server server(pool, std::move(options));
  Status ended = server.add(std::make_shared<chaos::TillService>(history, arguments.number));
  if (ended.ok()) ended = start(server, pool, arguments);
  if (ended.ok()) {
    chaos::Commands commands([&server](std::string_view) { return stats_line(server); });
    ended = serve_until_signal(server, std::chrono::seconds(4));
  }
  if (!ended.ok()) std::cerr << "chaos_server: " << ended.to_string() << '\n';
  return ended.ok() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("A server of a chaos run.");
  Arguments arguments;
  app.add_option("--number", arguments.number);
  app.add_option("--listen", arguments.listen)->required();
  app.add_option("--history", arguments.history)->required();
  app.add_option("--registry", arguments.registry);
  app.add_option("--proxied", arguments.proxied);
  app.add_flag("--patient", arguments.patient, "with the default times");
  CLI11_PARSE(app, argc, argv);
  return run(arguments);
}
