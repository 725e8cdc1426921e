// Services of recursion.rpc.
// Written by rpcgen 0.1.0: do not edit it, change recursion.rpc instead.
#include "recursion.service.h"

#include <array>
#include <chrono>
#include <utility>

#include "tern/codegen/method.h"
#include "tern/codegen/methods_of.h"
#include "tern/codegen/type_ops.h"

template <>
struct tern::MethodsOf<recursion::CalculatorStub> {
  static constexpr std::array<tern::Method, 1> kTable{{
      {.service = "recursion.Calculator",
       .name = "Evaluate",
       .id = 0xed853137,
       .argument = &tern::type_ops<::recursion::Expression>,
       .result = &tern::type_ops<double>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false},
  }};
  static_assert(kTable[0].id == tern::method_id("recursion.Calculator", "Evaluate"));
};

namespace recursion {

tern::Call<double> CalculatorStub::Evaluate(const Expression& request, tern::CallOptions options) {
  return tern::start_call<double>(*channel_, tern::MethodsOf<CalculatorStub>::kTable[0], &request,
                                  options);
}

std::string_view CalculatorService::name() const noexcept {
  return "recursion.Calculator";
}

std::span<const tern::Method> CalculatorService::methods() const noexcept {
  return tern::MethodsOf<CalculatorStub>::kTable;
}

void CalculatorService::dispatch(std::size_t method, tern::ServerCall& call) {
  switch (method) {
    case 0: {
      Expression argument;
      if (call.decode(argument)) call.finish(Evaluate(call, std::move(argument)));
      return;
    }
  }
}

}  // namespace recursion
