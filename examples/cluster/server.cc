// One of several servers of Foo:
//   cluster_server --registry ADDRESS [--listen ADDRESS] [--weight N] [--zone NAME]
// Its first line is the address that it listens on. It is listed in the registry until SIGINT or
// SIGTERM; then it finishes the calls that run.
#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <string>

#include "foo.h"
#include "registries.h"
#include "tern/tern.h"

namespace {

struct Options {
  std::string registry;
  std::string listen = "tcp@127.0.0.1:0";
  std::uint32_t weight = 1;
  std::string zone;
  std::int64_t work_ms = 0;
  std::int64_t delay_ms = 0;
  bool broken = false;
};

tern::Status start(tern::Server& server, tern::IoPool& pool, const Options& options) {
  auto foo = std::make_shared<Foo>(std::chrono::milliseconds(options.work_ms),
                                   std::chrono::milliseconds(options.delay_ms), options.broken);
  tern::Status added = server.add(foo);
  if (!added.ok()) return added;
  tern::Result<tern::Endpoint> address = server.listen(options.listen);
  if (!address.ok()) return address.take_status();

  tern::Result<std::shared_ptr<tern::Registry>> registry =
      known_registries().open(options.registry, pool);
  if (!registry.ok()) return registry.take_status();
  tern::Instance here(*address);
  here.weight = options.weight;
  here.zone = options.zone;
  tern::Status announced = tern::announce(server, **registry, "Foo", here);
  if (announced.ok()) std::cout << address->to_string() << std::endl;
  return announced;
}

std::uint64_t calls_answered(const tern::Server& server) {
  std::uint64_t calls = 0;
  for (const tern::MethodStats& method : server.stats().methods) calls += method.calls;
  return calls;
}

int serve(const Options& options) {
  tern::IoPool pool(1);
  tern::Server server(pool);
  if (tern::Status started = start(server, pool, options); !started.ok()) {
    std::cerr << "cluster_server: " << started.to_string() << '\n';
    return 1;
  }

  tern::Status ended = tern::serve_until_signal(server);
  std::cout << "stopped after " << calls_answered(server) << " calls" << std::endl;
  return ended.ok() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Serves Foo, and lists itself in a registry.");
  Options options;
  app.add_option("--registry", options.registry,
                 "http@HOST:PORT/PATH, etcd@HOST:PORT or zookeeper@HOST:PORT")
      ->required();
  app.add_option("--listen", options.listen, "where clients come")->capture_default_str();
  app.add_option("--weight", options.weight, "its share of the calls")->capture_default_str();
  app.add_option("--zone", options.zone, "where it runs");
  app.add_option("--work", options.work_ms, "what every call takes, in milliseconds")
      ->check(CLI::Range(0, 60'000));
  app.add_option("--delay", options.delay_ms, "what a Sleep takes besides, in milliseconds")
      ->check(CLI::Range(0, 60'000));
  app.add_flag("--broken", options.broken, "answers every call of Sum with an error");
  CLI11_PARSE(app, argc, argv);
  return serve(options);
}
