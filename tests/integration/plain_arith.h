// arith.Arith as its file has it, for tests of what is around it.
#pragma once

#include <cstdint>

#include "arith.service.h"

namespace tern::test {

class PlainArith : public arith::ArithService {
 public:
  Reply<std::int64_t> Multiply(ServerContext&, arith::Args args) override {
    return args.A * args.B;
  }
  Reply<arith::Quotient> Divide(ServerContext&, arith::Args args) override {
    if (args.B == 0) return arith::DivideByZero(args.A);
    return arith::Quotient(args.A / args.B, args.A % args.B);
  }
  Reply<void> Sleep(ServerContext&, Duration) override { return {}; }
};

}  // namespace tern::test
