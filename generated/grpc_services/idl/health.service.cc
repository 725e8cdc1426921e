// Services of grpc_services/idl/health.rpc.
// Written by rpcgen 0.1.0: do not edit it, change grpc_services/idl/health.rpc instead.
#include "grpc_services/idl/health.service.h"

#include <array>
#include <chrono>
#include <utility>

#include "tern/codegen/method.h"
#include "tern/codegen/methods_of.h"
#include "tern/codegen/type_ops.h"

template <>
struct tern::MethodsOf<tern_grpc::HealthStub> {
  static constexpr std::array<tern::Method, 3> kTable{{
      {.service = "tern_grpc.Health",
       .name = "Check",
       .id = 0x37344942,
       .argument = &tern::type_ops<::tern_grpc::HealthCheckRequest>,
       .result = &tern::type_ops<::tern_grpc::HealthCheckResponse>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false},
      {.service = "tern_grpc.Health",
       .name = "List",
       .id = 0xbd453b3e,
       .argument = &tern::type_ops<::tern_grpc::HealthListRequest>,
       .result = &tern::type_ops<::tern_grpc::HealthListResponse>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false},
      {.service = "tern_grpc.Health",
       .name = "Watch",
       .id = 0xbf9ddf29,
       .argument = &tern::type_ops<::tern_grpc::HealthCheckRequest>,
       .result = &tern::type_ops<::tern_grpc::HealthCheckResponse>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .kind = tern::MethodKind::kServerStream,
       .message_timeout = std::chrono::nanoseconds(0),
       .resume = nullptr},
  }};
  static_assert(kTable[0].id == tern::method_id("tern_grpc.Health", "Check"));
  static_assert(kTable[1].id == tern::method_id("tern_grpc.Health", "List"));
  static_assert(kTable[2].id == tern::method_id("tern_grpc.Health", "Watch"));
};

namespace tern_grpc {

tern::Call<HealthCheckResponse> HealthStub::Check(const HealthCheckRequest& request,
                                                  tern::CallOptions options) {
  return tern::start_call<HealthCheckResponse>(*channel_, tern::MethodsOf<HealthStub>::kTable[0],
                                               &request, options);
}

tern::Call<HealthListResponse> HealthStub::List(const HealthListRequest& request,
                                                tern::CallOptions options) {
  return tern::start_call<HealthListResponse>(*channel_, tern::MethodsOf<HealthStub>::kTable[1],
                                              &request, options);
}

tern::ServerStream<HealthCheckResponse> HealthStub::Watch(const HealthCheckRequest& request,
                                                          tern::CallOptions options) {
  return tern::open_server_stream<HealthCheckResponse>(
      *channel_, tern::MethodsOf<HealthStub>::kTable[2], &request, options);
}

std::string_view HealthService::name() const noexcept {
  return "tern_grpc.Health";
}

std::span<const tern::Method> HealthService::methods() const noexcept {
  return tern::MethodsOf<HealthStub>::kTable;
}

void HealthService::dispatch(std::size_t method, tern::ServerCall& call) {
  switch (method) {
    case 0: {
      HealthCheckRequest argument;
      if (call.decode(argument)) call.finish(Check(call, std::move(argument)));
      return;
    }
    case 1: {
      HealthListRequest argument;
      if (call.decode(argument)) call.finish(List(call, std::move(argument)));
      return;
    }
    case 2: {
      HealthCheckRequest argument;
      if (call.decode(argument)) {
        call.finish(Watch(call, std::move(argument), call.writer<HealthCheckResponse>()));
      }
      return;
    }
  }
}

}  // namespace tern_grpc
