// Serves Arith, KVStoreService, HelloService and Foo to clients of every protocol:
//   interop_server [--listen ADDRESS]...
// Prints the addresses that it listens on, one a line, and serves until SIGINT or SIGTERM.
#include <CLI/CLI.hpp>
#include <iostream>
#include <string>
#include <vector>

#include "services.h"
#include "tern/tern.h"

namespace {

int serve(const std::vector<std::string>& addresses) {
  tern::Server server;
  if (tern::Status added = add_interop_services(server); !added.ok()) {
    std::cerr << "interop_server: " << added.to_string() << '\n';
    return 1;
  }
  for (const std::string& address : addresses) {
    tern::Result<tern::Endpoint> at = server.listen(address);
    if (!at.ok()) {
      std::cerr << "interop_server: " << at.status().to_string() << '\n';
      return 1;
    }
    std::cout << at->to_string() << std::endl;
  }

  return tern::serve_until_signal(server).ok() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Serves Arith, KVStoreService, HelloService and Foo in every protocol.");
  std::vector<std::string> addresses = {"tcp@127.0.0.1:0"};
  app.add_option("--listen", addresses, "where to listen, as tcp@127.0.0.1:7000 or unix@PATH")
      ->take_all();
  CLI11_PARSE(app, argc, argv);
  return serve(addresses);
}
