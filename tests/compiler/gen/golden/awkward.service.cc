// Services of awkward.rpc.
// Written by rpcgen 0.1.0: do not edit it, change awkward.rpc instead.
#include "awkward.service.h"

#include <array>
#include <chrono>
#include <utility>

#include "tern/codegen/method.h"
#include "tern/codegen/methods_of.h"
#include "tern/codegen/type_ops.h"

template <>
struct tern::MethodsOf<awkward::namespace_::CallsStub> {
  static constexpr std::array<tern::Method, 6> kTable{{
      {.service = "awkward.namespace.Calls",
       .name = "Point",
       .id = 0x4b1aad93,
       .argument = &tern::type_ops<::awkward::namespace_::Point>,
       .result = &tern::type_ops<::awkward::namespace_::Point>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false},
      {.service = "awkward.namespace.Calls",
       .name = "Color",
       .id = 0xd1eb848a,
       .argument = &tern::type_ops<::awkward::namespace_::Color>,
       .result = &tern::type_ops<::awkward::namespace_::Color>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false},
      {.service = "awkward.namespace.Calls",
       .name = "delete",
       .id = 0xe2da1838,
       .argument = &tern::type_ops<::awkward::namespace_::argument>,
       .result = &tern::type_ops<::awkward::namespace_::context>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false},
      {.service = "awkward.namespace.Calls",
       .name = "options",
       .id = 0xa581052f,
       .argument = &tern::type_ops<::awkward::namespace_::context>,
       .result = &tern::type_ops<::awkward::namespace_::call>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false},
      {.service = "awkward.namespace.Calls",
       .name = "call",
       .id = 0x56d4a63b,
       .argument = &tern::type_ops<::awkward::namespace_::call>,
       .result = &tern::type_ops<::awkward::namespace_::argument>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false},
      {.service = "awkward.namespace.Calls",
       .name = "Empty",
       .id = 0x98548c88,
       .argument = &tern::type_ops<::awkward::namespace_::Empty>,
       .result = &tern::type_ops<std::vector<::awkward::namespace_::Empty>>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false},
  }};
  static_assert(kTable[0].id == tern::method_id("awkward.namespace.Calls", "Point"));
  static_assert(kTable[1].id == tern::method_id("awkward.namespace.Calls", "Color"));
  static_assert(kTable[2].id == tern::method_id("awkward.namespace.Calls", "delete"));
  static_assert(kTable[3].id == tern::method_id("awkward.namespace.Calls", "options"));
  static_assert(kTable[4].id == tern::method_id("awkward.namespace.Calls", "call"));
  static_assert(kTable[5].id == tern::method_id("awkward.namespace.Calls", "Empty"));
};

namespace awkward::namespace_ {

tern::Call<::awkward::namespace_::Point> CallsStub::Point(
    const ::awkward::namespace_::Point& request, tern::CallOptions options) {
  return tern::start_call<::awkward::namespace_::Point>(
      *channel_, tern::MethodsOf<CallsStub>::kTable[0], &request, options);
}

tern::Call<::awkward::namespace_::Color> CallsStub::Color(::awkward::namespace_::Color value,
                                                          tern::CallOptions options) {
  return tern::start_call<::awkward::namespace_::Color>(
      *channel_, tern::MethodsOf<CallsStub>::kTable[1], &value, options);
}

tern::Call<::awkward::namespace_::context> CallsStub::delete_(
    const ::awkward::namespace_::argument& request, tern::CallOptions options) {
  return tern::start_call<::awkward::namespace_::context>(
      *channel_, tern::MethodsOf<CallsStub>::kTable[2], &request, options);
}

tern::Call<::awkward::namespace_::call> CallsStub::options(
    const ::awkward::namespace_::context& request, tern::CallOptions options) {
  return tern::start_call<::awkward::namespace_::call>(
      *channel_, tern::MethodsOf<CallsStub>::kTable[3], &request, options);
}

tern::Call<::awkward::namespace_::argument> CallsStub::call(
    const ::awkward::namespace_::call& request, tern::CallOptions options) {
  return tern::start_call<::awkward::namespace_::argument>(
      *channel_, tern::MethodsOf<CallsStub>::kTable[4], &request, options);
}

tern::Call<std::vector<::awkward::namespace_::Empty>> CallsStub::Empty(
    const ::awkward::namespace_::Empty& request, tern::CallOptions options) {
  return tern::start_call<std::vector<::awkward::namespace_::Empty>>(
      *channel_, tern::MethodsOf<CallsStub>::kTable[5], &request, options);
}

std::string_view CallsService::name() const noexcept {
  return "awkward.namespace.Calls";
}

std::span<const tern::Method> CallsService::methods() const noexcept {
  return tern::MethodsOf<CallsStub>::kTable;
}

void CallsService::dispatch(std::size_t method, tern::ServerCall& call) {
  switch (method) {
    case 0: {
      ::awkward::namespace_::Point argument;
      if (call.decode(argument)) call.finish(Point(call, std::move(argument)));
      return;
    }
    case 1: {
      ::awkward::namespace_::Color argument{};
      if (call.decode(argument)) call.finish(Color(call, argument));
      return;
    }
    case 2: {
      ::awkward::namespace_::argument argument;
      if (call.decode(argument)) call.finish(delete_(call, std::move(argument)));
      return;
    }
    case 3: {
      ::awkward::namespace_::context argument;
      if (call.decode(argument)) call.finish(options(call, std::move(argument)));
      return;
    }
    case 4: {
      ::awkward::namespace_::call argument;
      if (call.decode(argument)) call.finish(this->call(call, std::move(argument)));
      return;
    }
    case 5: {
      ::awkward::namespace_::Empty argument;
      if (call.decode(argument)) call.finish(Empty(call, std::move(argument)));
      return;
    }
  }
}

}  // namespace awkward::namespace_
