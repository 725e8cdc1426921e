// Listens for a server that dials in, and calls it; then hangs up and waits for it to come back:
//   reverse_client [ADDRESS]
// Its first line is the address that it listens on. ADDRESS can say what the server speaks:
// netrpc+tcp@127.0.0.1:9090 for one in Go. The exit status is 0 if every answer was right.
#include <chrono>
#include <iostream>
#include <memory>
#include <string>

#include "reverse.service.h"
#include "tern/reverse_dialer.h"
#include "tern/tern.h"

namespace {

bool call(tern::Client& client, const std::string& which) {
  reverse::ArithmeticServiceStub arithmetic(client);
  tern::CallOptions options;
  options.wait_for_ready = true;  // until a server is there
  options.timeout = std::chrono::seconds(60);
  tern::Result<std::int64_t> product = arithmetic.Multiply({2, 3}, options).get();
  std::cout << which << "connection: 2 * 3"
            << (product.ok() ? " = " + std::to_string(*product)
                             : ": " + product.status().to_string())
            << std::endl;
  return product.ok() && *product == 6;
}

tern::Status run(const std::string& address, bool& good) {
  tern::Result<tern::Endpoint> asked = tern::parse_endpoint(address);
  if (!asked.ok()) return asked.take_status();
  tern::Endpoint where = *asked;
  where.protocol = tern::Endpoint::Protocol::kOption;

  tern::Result<std::shared_ptr<tern::ReverseDialer>> servers =
      tern::ReverseDialer::listen(where.to_string());
  if (!servers.ok()) return servers.take_status();
  std::cout << (*servers)->endpoint().to_string() << std::endl;

  tern::IoPool pool;
  tern::ClientOptions options;
  options.dialer = *servers;
  tern::Endpoint spoken = (*servers)->endpoint();
  spoken.protocol = asked->protocol;
  {
    tern::Client client(spoken, pool, options);
    good = call(client, "first  ");
  }
  tern::Client client(spoken, pool, options);
  good &= call(client, "second ");
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 2 || (argc == 2 && *argv[1] == '-')) {
    std::cerr << "usage: reverse_client [ADDRESS], where it listens: tcp@127.0.0.1:9090\n";
    return 2;
  }
  bool good = false;
  if (tern::Status ran = run(argc > 1 ? argv[1] : "tcp@127.0.0.1:0", good); !ran.ok()) {
    std::cerr << "reverse_client: " << ran.to_string() << '\n';
    return 1;
  }
  return good ? 0 : 1;
}
