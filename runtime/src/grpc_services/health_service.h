// What gRPC's health checks answer.
#pragma once

#include <memory>
#include <utility>

#include "grpc_services/health_statuses.h"
#include "grpc_services/idl/health.service.h"

namespace tern::grpc_services {

// Threads: any.
class HealthService final : public tern_grpc::HealthService {
 public:
  explicit HealthService(std::shared_ptr<HealthStatuses> statuses)
      : statuses_(std::move(statuses)) {}

  Reply<tern_grpc::HealthCheckResponse> Check(ServerContext& context,
                                              tern_grpc::HealthCheckRequest request) override;
  Reply<tern_grpc::HealthListResponse> List(ServerContext& context,
                                            tern_grpc::HealthListRequest request) override;
  Reply<void> Watch(ServerContext& context, tern_grpc::HealthCheckRequest request,
                    Writer<tern_grpc::HealthCheckResponse> out) override;

 private:
  const std::shared_ptr<HealthStatuses> statuses_;
};

}  // namespace tern::grpc_services
