// A client's side of gRPC in the table of protocols; over_http2/ serves it.
#pragma once

#include "tern/status.h"
#include "wire/client_setup.h"

namespace tern::wire::grpc {

Status call_grpc(const ClientSetup& setup, ClientPreface& preface);

}  // namespace tern::wire::grpc
