// Calls greeting.Greeter over TLS, with a certificate and without:
//   tls_client ADDRESS DIRECTORY
// It prints what comes of each.
#include <chrono>
#include <iostream>
#include <string>

#include "tern/tern.h"
#include "tern/tls.h"
#include "tls.service.h"

namespace {

// What comes of one call with these files.
int greet(const char* address, const tern::tls::CertificateFiles& files, const char* who) {
  auto credentials = tern::tls::channel_credentials(files);
  if (!credentials.ok()) {
    std::cerr << "tls_client: " << credentials.status().to_string() << '\n';
    return 1;
  }
  tern::ClientOptions options;
  options.credentials = *credentials;
  options.connect_timeout = std::chrono::seconds(5);
  tern::Client client(address, options);
  greeting::GreeterStub greeter(client);
  tern::Result<std::string> reply = greeter.Greet(who).get();
  if (reply.ok()) {
    std::cout << *reply << '\n';
  } else {
    // Without the address, whose port is another one each time.
    const std::string why(reply.status().message());
    std::cout << who << ": "
              << why.substr(why.find("TLS") == std::string::npos ? 0 : why.find("TLS")) << '\n';
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 || *argv[1] == '-') {
    std::cerr << "usage: tls_client ADDRESS DIRECTORY, the one of make_certificates.sh\n";
    return 2;
  }
  const std::string directory = argv[2];
  tern::tls::CertificateFiles files;
  files.authorities = directory + "/authority.pem";
  if (int failed = greet(argv[1], files, "stranger")) return failed;
  files.chain = directory + "/client.pem";
  files.key = directory + "/client.key";
  return greet(argv[1], files, "client");
}
