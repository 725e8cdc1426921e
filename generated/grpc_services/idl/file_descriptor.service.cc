// Services of grpc_services/idl/file_descriptor.rpc.
// Written by rpcgen 0.1.0: do not edit it, change grpc_services/idl/file_descriptor.rpc instead.
#include "grpc_services/idl/file_descriptor.service.h"

namespace tern_grpc {

// grpc_services/idl/file_descriptor.rpc declares no services.

}  // namespace tern_grpc
