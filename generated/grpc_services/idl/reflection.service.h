// Services of grpc_services/idl/reflection.rpc.
// Written by rpcgen 0.1.0: do not edit it, change grpc_services/idl/reflection.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "grpc_services/idl/reflection.service.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
#endif

#include <cstddef>
#include <span>
#include <string_view>

#include "tern/call.h"
#include "tern/service.h"
#include "tern/stream.h"

#include "grpc_services/idl/reflection.rpc.h"

namespace tern_grpc {

/// Calls tern_grpc.ServerReflection through a channel, which must outlive this.
/// Its methods may be called from any thread.
class ServerReflectionStub {
 public:
  explicit ServerReflectionStub(tern::Channel& channel) noexcept : channel_(&channel) {}

  /// Returns at once: read() and write() go beside each other, end_writing() ends a side.
  tern::BidiStream<ServerReflectionRequest, ServerReflectionResponse> ServerReflectionInfo(
      tern::CallOptions options = {});

 private:
  tern::Channel* channel_;
};

/// Serves tern_grpc.ServerReflection: derive from it.
/// Handlers may run at the same time on several threads.
class ServerReflectionService : public tern::Service {
 public:
  /// Reads `in` and writes to `out`; both end with what the handler returns.
  virtual tern::Reply<void> ServerReflectionInfo(tern::ServerContext& context,
                                                 tern::Reader<ServerReflectionRequest> in,
                                                 tern::Writer<ServerReflectionResponse> out) = 0;

  std::string_view name() const noexcept final;
  std::span<const tern::Method> methods() const noexcept final;
  void dispatch(std::size_t method, tern::ServerCall& call) final;
};

}  // namespace tern_grpc
