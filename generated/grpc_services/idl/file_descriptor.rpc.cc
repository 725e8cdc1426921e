// Messages of grpc_services/idl/file_descriptor.rpc.
// Written by rpcgen 0.1.0: do not edit it, change grpc_services/idl/file_descriptor.rpc instead.
#include "grpc_services/idl/file_descriptor.rpc.h"

#include "tern/codegen/type_ops_of.h"
#include "tern/print.h"

namespace tern_grpc {

std::ostream& operator<<(std::ostream& out, const FileDescriptorSet& message) {
  return tern::print(out, tern::type_ops<FileDescriptorSet>(), &message);
}

std::ostream& operator<<(std::ostream& out, const NamedProto& message) {
  return tern::print(out, tern::type_ops<NamedProto>(), &message);
}

std::ostream& operator<<(std::ostream& out, const EnumDescriptorProto& message) {
  return tern::print(out, tern::type_ops<EnumDescriptorProto>(), &message);
}

bool DescriptorProto::operator==(const DescriptorProto& other) const {
  return name == other.name && field == other.field && nested_type == other.nested_type &&
         enum_type == other.enum_type && oneof_decl == other.oneof_decl;
}

std::ostream& operator<<(std::ostream& out, const DescriptorProto& message) {
  return tern::print(out, tern::type_ops<DescriptorProto>(), &message);
}

std::ostream& operator<<(std::ostream& out, const ServiceDescriptorProto& message) {
  return tern::print(out, tern::type_ops<ServiceDescriptorProto>(), &message);
}

std::ostream& operator<<(std::ostream& out, const FileDescriptorProto& message) {
  return tern::print(out, tern::type_ops<FileDescriptorProto>(), &message);
}

}  // namespace tern_grpc

// The codecs. Only this file includes their templates.
template const tern::TypeOps& tern::type_ops<tern_grpc::FileDescriptorSet>() noexcept;
template const tern::TypeOps& tern::type_ops<tern_grpc::NamedProto>() noexcept;
template const tern::TypeOps& tern::type_ops<tern_grpc::EnumDescriptorProto>() noexcept;
template const tern::TypeOps& tern::type_ops<tern_grpc::DescriptorProto>() noexcept;
template const tern::TypeOps& tern::type_ops<tern_grpc::ServiceDescriptorProto>() noexcept;
template const tern::TypeOps& tern::type_ops<tern_grpc::FileDescriptorProto>() noexcept;
