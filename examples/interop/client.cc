// Calls every method of Arith, KVStoreService, HelloService and Foo, at a server of Tern or of Go:
//   interop_client ADDRESS [--codec NAME]
// A line for every call; the exit status is 0 if every answer was right.
#include <CLI/CLI.hpp>
#include <iostream>
#include <string>

#include "calls.h"
#include "tern/tern.h"

namespace {

bool call_everything(const std::string& address, const tern::ClientOptions& options) {
  tern::Client client(address, options);
  tern::Client watcher(address, options);
  if (tern::Status connected = client.connect(); !connected.ok()) {
    std::cerr << "interop_client: " << connected.to_string() << '\n';
    return false;
  }
  bool good = call_arith(client);
  good &= call_kv_store(client, watcher);
  good &= call_hello(client);
  good &= call_foo(client);
  return good;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Calls every method of Arith, KVStoreService, HelloService and Foo.");
  std::string address;
  tern::ClientOptions options;
  app.add_option("address", address, "of the server, as netrpc+tcp@127.0.0.1:1234")->required();
  app.add_option("--codec", options.codec,
                 "where the address names no protocol: application/gob or application/json for "
                 "GeeRPC, application/x-tern (or x-tern+json) for Tern's own frames")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return call_everything(address, options) ? 0 : 1;
}
