// Dials a client that listens, and serves reverse.ArithmeticService on that connection:
//   reverse_server ADDRESS
// Dials again whenever the connection has ended, and with growing waits while nobody listens, until
// SIGINT or SIGTERM.
#include <chrono>
#include <iostream>
#include <memory>

#include "reverse.service.h"
#include "tern/tern.h"

namespace {

class Arithmetic final : public reverse::ArithmeticServiceService {
 public:
  tern::Reply<std::int64_t> Multiply(tern::ServerContext& /*context*/,
                                     reverse::Operands operands) override {
    std::int64_t product = 0;
    if (__builtin_mul_overflow(operands.X, operands.Y, &product)) {
      return tern::Status(tern::Code::kOutOfRange, "the product needs more than 64 bits");
    }
    return product;
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || *argv[1] == '-') {
    std::cerr << "usage: reverse_server ADDRESS, where a client listens: tcp@127.0.0.1:9090\n";
    return 2;
  }
  tern::Server server;
  tern::Backoff backoff;
  backoff.initial = std::chrono::milliseconds(100);
  backoff.max = std::chrono::seconds(5);
  tern::Status ready = server.add(std::make_shared<Arithmetic>());
  if (ready.ok()) ready = server.dial(argv[1], backoff);
  if (!ready.ok()) {
    std::cerr << "reverse_server: " << ready.to_string() << '\n';
    return 1;
  }

  return tern::serve_until_signal(server).ok() ? 0 : 1;
}
