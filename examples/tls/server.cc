// Serves greeting.Greeter to clients with a certificate of the authority in DIRECTORY:
//   tls_server ADDRESS DIRECTORY
// until SIGINT or SIGTERM. ADDRESS is one of TLS: "tls@127.0.0.1:7000".
#include <iostream>
#include <memory>
#include <string>

#include "tern/tern.h"
#include "tern/tls.h"
#include "tls.service.h"

namespace {

class Greeter final : public greeting::GreeterService {
 public:
  tern::Reply<std::string> Greet(tern::ServerContext& /*context*/, std::string name) override {
    return "hello, " + name;
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 || *argv[1] == '-') {
    std::cerr << "usage: tls_server ADDRESS DIRECTORY, the one of make_certificates.sh\n";
    return 2;
  }
  const std::string directory = argv[2];

  tern::tls::CertificateFiles files;
  files.chain = directory + "/server.pem";
  files.key = directory + "/server.key";
  files.authorities = directory + "/authority.pem";
  tern::tls::ServerOptions how;
  how.client_certificates = tern::tls::ClientCertificates::kRequired;
  auto credentials = tern::tls::server_credentials(files, how);
  if (!credentials.ok()) {
    std::cerr << "tls_server: " << credentials.status().to_string() << '\n';
    return 1;
  }

  tern::ServerOptions options;
  options.credentials = *credentials;
  tern::Server server(options);
  tern::Status ready = server.add(std::make_shared<Greeter>());
  tern::Result<tern::Endpoint> listening = ready.ok() ? server.listen(argv[1]) : ready;
  if (!listening.ok()) {
    std::cerr << "tls_server: " << listening.status().to_string() << '\n';
    return 1;
  }
  std::cout << listening->to_string() << std::endl;
  return tern::serve_until_signal(server).ok() ? 0 : 1;
}
