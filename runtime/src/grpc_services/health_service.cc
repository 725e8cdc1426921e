#include "grpc_services/health_service.h"

#include <fmt/format.h>

#include <cstddef>
#include <string>

#include "base/peer_text.h"

namespace tern::grpc_services {

namespace {

// A name that is unknown is kept as long as it is watched.
constexpr std::size_t kMostName = 1024;
// As the published interface says.
constexpr std::size_t kMostListed = 100;

}  // namespace

Reply<tern_grpc::HealthCheckResponse> HealthService::Check(ServerContext& /*context*/,
                                                           tern_grpc::HealthCheckRequest request) {
  if (const auto status = statuses_->find(request.service)) {
    return tern_grpc::HealthCheckResponse(*status);
  }
  return Status(Code::kNotFound, fmt::format("health: there is no service \"{}\"",
                                             base::peer_text(request.service)));
}

Reply<tern_grpc::HealthListResponse> HealthService::List(ServerContext& /*context*/,
                                                         tern_grpc::HealthListRequest /*request*/) {
  const auto all = statuses_->all();
  if (all.size() > kMostListed) {
    return Status(Code::kResourceExhausted,
                  fmt::format("health: {} services are known; List answers at most {}", all.size(),
                              kMostListed));
  }
  tern_grpc::HealthListResponse out;
  for (const auto& [name, status] : all) {
    out.statuses.emplace(name, tern_grpc::HealthCheckResponse(status));
  }
  return out;
}

Reply<void> HealthService::Watch(ServerContext& context, tern_grpc::HealthCheckRequest request,
                                 Writer<tern_grpc::HealthCheckResponse> out) {
  if (request.service.size() > kMostName) {
    return Status(Code::kInvalidArgument,
                  fmt::format("health: the name of the service has {} bytes; expected at most {}",
                              request.service.size(), kMostName));
  }
  auto watch = std::make_shared<HealthWatch>(std::move(out), context.loop().shared_from_this());
  if (Status failure = statuses_->add(request.service, watch); !failure.ok()) return failure;
  try {
    Reply<void> reply = watch->keep();
    const auto leave = [statuses = statuses_, service = request.service, watch] {
      statuses->leave(service, watch);
    };
    context.on_drain([leave, watch] {
      leave();
      watch->finish(Status(Code::kUnavailable, "health: the server goes away"));
    });
    context.on_cancel(leave);
    return reply;
  } catch (...) {
    statuses_->leave(request.service, watch);
    throw;
  }
}

}  // namespace tern::grpc_services
