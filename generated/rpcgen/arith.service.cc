// Services of arith.rpc.
// Written by rpcgen 0.1.0: do not edit it, change arith.rpc instead.
#include "arith.service.h"

#include <array>
#include <chrono>
#include <utility>

#include "tern/method.h"
#include "tern/type_ops.h"

namespace arith {

namespace {

constexpr std::array<tern::TypeOpsOf, 1> kArithDivideErrors{&tern::type_ops<DivideByZero>};

constexpr std::array<tern::Method, 3> kArithMethods{{
    {.service = "arith.Arith",
     .name = "Multiply",
     .id = 0x56a936ea,
     .argument = &tern::type_ops<Args>,
     .result = &tern::type_ops<std::int64_t>,
     .errors = {},
     .timeout = std::chrono::nanoseconds(0),
     .idempotent = true},
    {.service = "arith.Arith",
     .name = "Divide",
     .id = 0xd71f51b7,
     .argument = &tern::type_ops<Args>,
     .result = &tern::type_ops<Quotient>,
     .errors = kArithDivideErrors,
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
static_assert(kArithMethods[0].id == tern::method_id("arith.Arith", "Multiply"));
static_assert(kArithMethods[1].id == tern::method_id("arith.Arith", "Divide"));
static_assert(kArithMethods[2].id == tern::method_id("arith.Arith", "Sleep"));

}  // namespace

tern::Call<std::int64_t> ArithStub::Multiply(const Args& args, tern::CallOptions options) {
  return tern::start_call<std::int64_t>(*channel_, kArithMethods[0], &args, options);
}

tern::Call<Quotient> ArithStub::Divide(const Args& args, tern::CallOptions options) {
  return tern::start_call<Quotient>(*channel_, kArithMethods[1], &args, options);
}

tern::Call<void> ArithStub::Sleep(tern::Duration value, tern::CallOptions options) {
  return tern::start_call<void>(*channel_, kArithMethods[2], &value, options);
}

std::string_view ArithService::name() const noexcept {
  return "arith.Arith";
}

std::span<const tern::Method> ArithService::methods() const noexcept {
  return kArithMethods;
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
