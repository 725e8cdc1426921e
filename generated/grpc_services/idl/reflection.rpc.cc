// Messages of grpc_services/idl/reflection.rpc.
// Written by rpcgen 0.1.0: do not edit it, change grpc_services/idl/reflection.rpc instead.
#include "grpc_services/idl/reflection.rpc.h"

#include "tern/codegen/type_ops_of.h"
#include "tern/print.h"

namespace tern_grpc {

std::ostream& operator<<(std::ostream& out, const ExtensionRequest& message) {
  return tern::print(out, tern::type_ops<ExtensionRequest>(), &message);
}

std::ostream& operator<<(std::ostream& out, const ServerReflectionRequest& message) {
  return tern::print(out, tern::type_ops<ServerReflectionRequest>(), &message);
}

std::ostream& operator<<(std::ostream& out, const FileDescriptorResponse& message) {
  return tern::print(out, tern::type_ops<FileDescriptorResponse>(), &message);
}

std::ostream& operator<<(std::ostream& out, const ExtensionNumberResponse& message) {
  return tern::print(out, tern::type_ops<ExtensionNumberResponse>(), &message);
}

std::ostream& operator<<(std::ostream& out, const ServiceResponse& message) {
  return tern::print(out, tern::type_ops<ServiceResponse>(), &message);
}

std::ostream& operator<<(std::ostream& out, const ListServiceResponse& message) {
  return tern::print(out, tern::type_ops<ListServiceResponse>(), &message);
}

std::ostream& operator<<(std::ostream& out, const ErrorResponse& message) {
  return tern::print(out, tern::type_ops<ErrorResponse>(), &message);
}

std::ostream& operator<<(std::ostream& out, const ServerReflectionResponse& message) {
  return tern::print(out, tern::type_ops<ServerReflectionResponse>(), &message);
}

}  // namespace tern_grpc

// The codecs. Only this file includes their templates.
template const tern::TypeOps& tern::type_ops<tern_grpc::ExtensionRequest>() noexcept;
template const tern::TypeOps& tern::type_ops<tern_grpc::ServerReflectionRequest>() noexcept;
template const tern::TypeOps& tern::type_ops<tern_grpc::FileDescriptorResponse>() noexcept;
template const tern::TypeOps& tern::type_ops<tern_grpc::ExtensionNumberResponse>() noexcept;
template const tern::TypeOps& tern::type_ops<tern_grpc::ServiceResponse>() noexcept;
template const tern::TypeOps& tern::type_ops<tern_grpc::ListServiceResponse>() noexcept;
template const tern::TypeOps& tern::type_ops<tern_grpc::ErrorResponse>() noexcept;
template const tern::TypeOps& tern::type_ops<tern_grpc::ServerReflectionResponse>() noexcept;
