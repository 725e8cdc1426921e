// Messages of grpc_services/idl/health.rpc.
// Written by rpcgen 0.1.0: do not edit it, change grpc_services/idl/health.rpc instead.
#include "grpc_services/idl/health.rpc.h"

#include "tern/codegen/type_ops_of.h"
#include "tern/print.h"

namespace tern_grpc {

std::ostream& operator<<(std::ostream& out, const HealthCheckRequest& message) {
  return tern::print(out, tern::type_ops<HealthCheckRequest>(), &message);
}

std::ostream& operator<<(std::ostream& out, const HealthCheckResponse& message) {
  return tern::print(out, tern::type_ops<HealthCheckResponse>(), &message);
}

std::ostream& operator<<(std::ostream& out, const HealthListRequest& message) {
  return tern::print(out, tern::type_ops<HealthListRequest>(), &message);
}

std::ostream& operator<<(std::ostream& out, const HealthListResponse& message) {
  return tern::print(out, tern::type_ops<HealthListResponse>(), &message);
}

}  // namespace tern_grpc

// The codecs. Only this file includes their templates.
template const tern::TypeOps& tern::type_ops<tern_grpc::HealthCheckRequest>() noexcept;
template const tern::TypeOps& tern::type_ops<tern_grpc::HealthCheckResponse>() noexcept;
template const tern::TypeOps& tern::type_ops<tern_grpc::HealthListRequest>() noexcept;
template const tern::TypeOps& tern::type_ops<tern_grpc::HealthListResponse>() noexcept;
