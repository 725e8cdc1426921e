// Serves arith.Arith over TLS alone:  https_server CHAIN KEY
// Its first line is the address that it listens on. Ends with its standard input.
#include <iostream>
#include <limits>
#include <memory>

#include "integration/plain_arith.h"
#include "tern/tern.h"
#include "tern/tls.h"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  tern::tls::CertificateFiles files;
  files.chain = argv[1];
  files.key = argv[2];
  auto credentials = tern::tls::server_credentials(files);
  if (!credentials.ok()) {
    std::cerr << credentials.status().to_string() << '\n';
    return 1;
  }
  tern::ServerOptions options;
  options.credentials = *credentials;
  tern::Server server(options);
  tern::Status ready = server.add(std::make_shared<tern::test::PlainArith>());
  tern::Result<tern::Endpoint> at = server.listen("https@127.0.0.1:0");
  if (!ready.ok() || !at.ok()) {
    std::cerr << ready.to_string() << ", " << at.status().to_string() << '\n';
    return 1;
  }
  std::cout << at->to_string() << std::endl;
  std::cin.ignore(std::numeric_limits<std::streamsize>::max());
  return 0;
}
