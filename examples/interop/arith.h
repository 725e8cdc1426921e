// Multiplies and divides.
#pragma once

#include <cstdint>
#include <limits>

#include "interop.service.h"

class Arith final : public interop::ArithService {
 public:
  tern::Reply<std::int64_t> Multiply(tern::ServerContext& /*context*/,
                                     interop::Args args) override {
    std::int64_t product = 0;
    if (__builtin_mul_overflow(args.A, args.B, &product)) {
      return tern::Status(tern::Code::kOutOfRange, "the product needs more than 64 bits");
    }
    return product;
  }

  tern::Reply<interop::Quotient> Divide(tern::ServerContext& /*context*/,
                                        interop::Args args) override {
    if (args.B == 0) return interop::DivideByZero(args.A);
    if (args.A == std::numeric_limits<std::int64_t>::min() && args.B == -1) {
      return tern::Status(tern::Code::kOutOfRange, "the quotient needs more than 64 bits");
    }
    return interop::Quotient(args.A / args.B, args.A % args.B);
  }
};
