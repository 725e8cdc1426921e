// What gRPC's reflection tells of grpc_services/idl/health.rpc.
// Written by rpcgen 0.1.0: do not edit it, change grpc_services/idl/health.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "grpc_services/idl/health.descriptor.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
#endif

#include "tern/codegen/file_descriptor.h"

namespace tern::descriptors {

inline constexpr char file_grpc_5fservices_2fidl_2fhealth_bytes[] =
    "\012\036grpc_services/idl/health.proto\022\011tern_grpc\".\012\022HealthCheckRequest\022\030"
    "\012\007service\030\001 \001(\011R\007service\"G\012\023HealthCheckResponse\0220\012\006statu"
    "s\030\001 \001(\0162\030.tern_grpc.ServingStatusR\006status\"\023\012\021HealthListRequest\""
    "\272\001\012\022HealthListResponse\022G\012\010statuses\030\001 \003(\0132+.tern_grpc.HealthL"
    "istResponse.StatusesEntryR\010statuses\032[\012\015StatusesEntry\022\020\012\003key\030\001 "
    "\001(\011R\003key\0224\012\005value\030\002 \001(\0132\036.tern_grpc.HealthCheckResponseR\005"
    "value:\0028\001*\213\001\012\015ServingStatus\022\032\012\026SERVING_STATUS_UNKNOWN\020\000"
    "\022\032\012\026SERVING_STATUS_SERVING\020\001\022\036\012\032SERVING_STATUS_NOT_SERVING\020"
    "\002\022\"\012\036SERVING_STATUS_SERVICE_UNKNOWN\020\0032\337\001\012\006Health\022F\012\005C"
    "heck\022\035.tern_grpc.HealthCheckRequest\032\036.tern_grpc.HealthCheckResponse\022C\012\004L"
    "ist\022\034.tern_grpc.HealthListRequest\032\035.tern_grpc.HealthListResponse\022H\012\005Watc"
    "h\022\035.tern_grpc.HealthCheckRequest\032\036.tern_grpc.HealthCheckResponse0\001b\006proto3";
inline constexpr FileDescriptor file_grpc_5fservices_2fidl_2fhealth{
    "grpc_services/idl/health.proto", file_grpc_5fservices_2fidl_2fhealth_bytes};

}  // namespace tern::descriptors

namespace tern_grpc {
class HealthService;
}  // namespace tern_grpc

template <>
struct tern::DescriptorOf<tern_grpc::HealthService> {
  static constexpr const tern::FileDescriptor& kFile = tern::descriptors::file_grpc_5fservices_2fidl_2fhealth;
};
