// A client's side of gRPC-Web in the table of protocols; over_http/ serves it.
#pragma once

#include "wire/client_setup.h"

namespace tern::wire::grpc_web {

Status call_grpc_web(const ClientSetup& setup, ClientPreface& preface);

}  // namespace tern::wire::grpc_web
