// Services of grpc_services/idl/reflection.rpc.
// Written by rpcgen 0.1.0: do not edit it, change grpc_services/idl/reflection.rpc instead.
#include "grpc_services/idl/reflection.service.h"

#include <array>
#include <chrono>

#include "tern/codegen/method.h"
#include "tern/codegen/methods_of.h"
#include "tern/codegen/type_ops.h"

template <>
struct tern::MethodsOf<tern_grpc::ServerReflectionStub> {
  static constexpr std::array<tern::Method, 1> kTable{{
      {.service = "tern_grpc.ServerReflection",
       .name = "ServerReflectionInfo",
       .id = 0x76276408,
       .argument = &tern::type_ops<::tern_grpc::ServerReflectionRequest>,
       .result = &tern::type_ops<::tern_grpc::ServerReflectionResponse>,
       .errors = {},
       .timeout = std::chrono::nanoseconds(0),
       .idempotent = false,
       .kind = tern::MethodKind::kBidiStream,
       .message_timeout = std::chrono::nanoseconds(0),
       .resume = nullptr},
  }};
  static_assert(kTable[0].id ==
                tern::method_id("tern_grpc.ServerReflection", "ServerReflectionInfo"));
};

namespace tern_grpc {

tern::BidiStream<ServerReflectionRequest, ServerReflectionResponse>
ServerReflectionStub::ServerReflectionInfo(tern::CallOptions options) {
  return tern::open_bidi_stream<ServerReflectionRequest, ServerReflectionResponse>(
      *channel_, tern::MethodsOf<ServerReflectionStub>::kTable[0], options);
}

std::string_view ServerReflectionService::name() const noexcept {
  return "tern_grpc.ServerReflection";
}

std::span<const tern::Method> ServerReflectionService::methods() const noexcept {
  return tern::MethodsOf<ServerReflectionStub>::kTable;
}

void ServerReflectionService::dispatch(std::size_t method, tern::ServerCall& call) {
  switch (method) {
    case 0:
      return call.finish(ServerReflectionInfo(call, call.reader<ServerReflectionRequest>(),
                                              call.writer<ServerReflectionResponse>()));
  }
}

}  // namespace tern_grpc
