// The Echo service of echo.rpc, one loop, on loopback.
//   tern_echo_server --port P [--tls DIRECTORY]     prints READY once it accepts
#include <cstdio>
#include <memory>
#include <string>

#include "echo_service.h"
#include "load.h"
#include "tern/server.h"
#include "tern/tls.h"

int main(int argc, char** argv) {
  tern::bench::Options options = tern::bench::parse_options(argc, argv);
  tern::ServerOptions server_options;
  if (!options.certificates.empty()) {
    tern::tls::CertificateFiles files;
    files.chain = options.certificates + "/server.pem";
    files.key = options.certificates + "/server.key";
    auto credentials = tern::tls::server_credentials(files);
    if (!credentials.ok()) {
      std::fprintf(stderr, "server: %s\n", credentials.status().to_string().c_str());
      return 1;
    }
    server_options.credentials = *credentials;
  }
  tern::Server server(server_options);
  tern::Status added = server.add(std::make_shared<tern::bench::EchoService>());
  tern::Result<tern::Endpoint> at =
      server.listen((options.certificates.empty() ? "tcp@127.0.0.1:" : "tls@127.0.0.1:") +
                    std::to_string(options.port));
  if (!added.ok() || !at.ok()) {
    std::fprintf(stderr, "server: %s\n", (added.ok() ? at.status() : added).to_string().c_str());
    return 1;
  }
  std::puts("READY");
  std::fflush(stdout);
  server.wait();
  return 0;
}
