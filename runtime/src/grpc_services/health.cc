#include <utility>
#include <vector>

#include "grpc_services/health_service.h"
#include "grpc_services/served_as.h"
#include "serve/server_core.h"
#include "tern/grpc_services.h"

namespace tern {

void Health::set_serving_status(std::string_view service, bool serving) {
  statuses_->set(service, serving);
}

void Health::set_serving_status_of_all(bool serving) {
  statuses_->set_all(serving);
}

void Health::clear_serving_status(std::string_view service) {
  statuses_->clear(service);
}

void Health::shutdown() {
  statuses_->shut_down();
}

Result<Health> add_health(Server& server, HealthOptions options) {
  constexpr std::string_view kName = "grpc.health.v1.Health";
  auto statuses = std::make_shared<grpc_services::HealthStatuses>(
      serve::ServerCore::of(server).weak_from_this(), options.watches);
  auto service = std::make_shared<grpc_services::HealthService>(statuses);
  // Probes have no tokens.
  static const std::vector<Method> methods =
      grpc_services::served_as(kName, service->methods(), Access::Kind::kPublic);
  Status failure =
      server.add(std::make_shared<grpc_services::ServedAs>(kName, methods, std::move(service)));
  if (!failure.ok()) return failure;
  server.async_before_stop(
      [statuses](UniqueFunction<void()> done) { statuses->shut_down(std::move(done)); });
  return Health(std::move(statuses));
}

}  // namespace tern
