// Services of grpc_services/idl/health.rpc.
// Written by rpcgen 0.1.0: do not edit it, change grpc_services/idl/health.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "grpc_services/idl/health.service.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
#endif

#include <cstddef>
#include <span>
#include <string_view>

#include "tern/call.h"
#include "tern/service.h"
#include "tern/stream.h"

#include "grpc_services/idl/health.rpc.h"

namespace tern_grpc {

/// Calls tern_grpc.Health through a channel, which must outlive this.
/// Its methods may be called from any thread.
class HealthStub {
 public:
  explicit HealthStub(tern::Channel& channel) noexcept : channel_(&channel) {}

  tern::Call<HealthCheckResponse> Check(const HealthCheckRequest& request,
                                        tern::CallOptions options = {});
  tern::Call<HealthListResponse> List(const HealthListRequest& request,
                                      tern::CallOptions options = {});

  /// Returns at once: read() the stream to its end, status() tells how it ended.
  tern::ServerStream<HealthCheckResponse> Watch(const HealthCheckRequest& request,
                                                tern::CallOptions options = {});

 private:
  tern::Channel* channel_;
};

/// Serves tern_grpc.Health: derive from it.
/// Handlers may run at the same time on several threads.
class HealthService : public tern::Service {
 public:
  virtual tern::Reply<HealthCheckResponse> Check(tern::ServerContext& context,
                                                 HealthCheckRequest request) = 0;
  virtual tern::Reply<HealthListResponse> List(tern::ServerContext& context,
                                               HealthListRequest request) = 0;

  /// Writes to `out`, which ends with what the handler returns.
  virtual tern::Reply<void> Watch(tern::ServerContext& context, HealthCheckRequest request,
                                  tern::Writer<HealthCheckResponse> out) = 0;

  std::string_view name() const noexcept final;
  std::span<const tern::Method> methods() const noexcept final;
  void dispatch(std::size_t method, tern::ServerCall& call) final;
};

}  // namespace tern_grpc
