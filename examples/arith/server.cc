// Serves arith.Arith until SIGINT or SIGTERM:  arith_server [ADDRESS]
// Its first line is the address that it listens on.
#include <cstdint>
#include <iostream>
#include <limits>
#include <memory>

#include "arith.service.h"
#include "tern/tern.h"

namespace {

class Arith final : public arith::ArithService {
 public:
  tern::Reply<std::int64_t> Multiply(tern::ServerContext& /*context*/, arith::Args args) override {
    std::int64_t product = 0;
    if (__builtin_mul_overflow(args.A, args.B, &product)) {
      return tern::Status(tern::Code::kOutOfRange, "the product needs more than 64 bits");
    }
    return product;
  }

  tern::Reply<arith::Quotient> Divide(tern::ServerContext& /*context*/, arith::Args args) override {
    if (args.B == 0) return arith::DivideByZero(args.A);
    if (args.A == std::numeric_limits<std::int64_t>::min() && args.B == -1) {
      return tern::Status(tern::Code::kOutOfRange, "the quotient needs more than 64 bits");
    }
    return arith::Quotient(args.A / args.B, args.A % args.B);
  }

  tern::Reply<void> Sleep(tern::ServerContext& context, tern::Duration time) override {
    return tern::sleep(context, time);  // holds no thread, and ends if the caller gives up first
  }
};

std::uint64_t calls_answered(const tern::Server& server) {
  std::uint64_t calls = 0;
  for (const tern::MethodStats& method : server.stats().methods) calls += method.calls;
  return calls;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 2 || (argc == 2 && *argv[1] == '-')) {
    std::cerr << "usage: arith_server [ADDRESS], at first tcp@127.0.0.1:0\n";
    return 2;
  }
  tern::Server server;
  if (tern::Status added = server.add(std::make_shared<Arith>()); !added.ok()) {
    std::cerr << "arith_server: " << added.to_string() << '\n';
    return 1;
  }
  tern::Result<tern::Endpoint> address = server.listen(argc > 1 ? argv[1] : "tcp@127.0.0.1:0");
  if (!address.ok()) {
    std::cerr << "arith_server: " << address.status().to_string() << '\n';
    return 1;
  }
  std::cout << address->to_string() << std::endl;

  tern::Status ended = tern::serve_until_signal(server);
  std::cout << "server       stopped after " << calls_answered(server) << " calls" << std::endl;
  return ended.ok() ? 0 : 1;
}
