// Services of arith.rpc.
// Written by rpcgen 0.1.0: do not edit it, change arith.rpc instead.
#include "arith.service.h"

#include <array>
#include <chrono>
#include <utility>

#include "tern/codegen/method.h"
#include "tern/codegen/methods_of.h"
#include "tern/codegen/type_ops.h"

template <>
struct tern::MethodsOf<arith::ArithStub> {
  static constexpr std::array<tern::TypeOpsOf, 1> kErrors1{&tern::type_ops<::arith::DivideByZero>};
  static constexpr std::array<tern::Method, 3> kTable{{
      {.service = "arith.Arith",
       .name = "Multiply",
       .id = 0x56a936ea,
       .argument = &tern::type_ops<::arith::Args>,
       .result = &tern::type_ops<std::int64_t>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = true},
      {.service = "arith.Arith",
       .name = "Divide",
       .id = 0xd71f51b7,
       .argument = &tern::type_ops<::arith::Args>,
       .result = &tern::type_ops<::arith::Quotient>,
       .errors = kErrors1,
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false},
      {.service = "arith.Arith",
       .name = "Sleep",
       .id = 0xbfecb72d,
       .argument = &tern::type_ops<tern::Duration>,
       .result = &tern::type_ops<tern::Nothing>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false},
  }};
  static_assert(kTable[0].id == tern::method_id("arith.Arith", "Multiply"));
  static_assert(kTable[1].id == tern::method_id("arith.Arith", "Divide"));
  static_assert(kTable[2].id == tern::method_id("arith.Arith", "Sleep"));
};

namespace arith {

tern::Call<std::int64_t> ArithStub::Multiply(const Args& args, tern::CallOptions options) {
  return tern::start_call<std::int64_t>(*channel_, tern::MethodsOf<ArithStub>::kTable[0], &args,
                                        options);
}

tern::Call<Quotient> ArithStub::Divide(const Args& args, tern::CallOptions options) {
  return tern::start_call<Quotient>(*channel_, tern::MethodsOf<ArithStub>::kTable[1], &args,
                                    options);
}

tern::Call<void> ArithStub::Sleep(tern::Duration value, tern::CallOptions options) {
  return tern::start_call<void>(*channel_, tern::MethodsOf<ArithStub>::kTable[2], &value, options);
}

std::string_view ArithService::name() const noexcept {
  return "arith.Arith";
}

std::span<const tern::Method> ArithService::methods() const noexcept {
  return tern::MethodsOf<ArithStub>::kTable;
}

void ArithService::dispatch(std::size_t method, tern::ServerCall& call) {
  switch (method) {
    case 0: {
      Args argument;
      if (call.decode(argument)) call.finish(Multiply(call, std::move(argument)));
      return;
    }
    case 1: {
      Args argument;
      if (call.decode(argument)) call.finish(Divide(call, std::move(argument)));
      return;
    }
    case 2: {
      tern::Duration argument{};
      if (call.decode(argument)) call.finish(Sleep(call, argument));
      return;
    }
  }
}

}  // namespace arith
