// Serves arith.Arith to web pages of the origins that are named:  cors_server [ORIGIN]...
// Its first line is the address that it listens on. Ends with its standard input.
#include <cstdint>
#include <iostream>
#include <limits>
#include <memory>
#include <string>

#include "integration/plain_arith.h"
#include "tern/tern.h"

int main(int argc, char** argv) {
  tern::ServerOptions options;
  options.cors.origins.assign(argv + 1, argv + argc);
  tern::Server server(options);
  tern::Status ready = server.add(std::make_shared<tern::test::PlainArith>());
  tern::Result<tern::Endpoint> at = server.listen("tcp@127.0.0.1:0");
  if (!ready.ok() || !at.ok()) {
    std::cerr << ready.to_string() << ", " << at.status().to_string() << '\n';
    return 1;
  }
  std::cout << at->to_string() << std::endl;
  std::cin.ignore(std::numeric_limits<std::streamsize>::max());
  return 0;
}
