// Services of grpc_services/idl/file_descriptor.rpc.
// Written by rpcgen 0.1.0: do not edit it, change grpc_services/idl/file_descriptor.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "grpc_services/idl/file_descriptor.service.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
#endif

#include "grpc_services/idl/file_descriptor.rpc.h"

namespace tern_grpc {

// grpc_services/idl/file_descriptor.rpc declares no services.

}  // namespace tern_grpc
