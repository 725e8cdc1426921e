// Errors as gRPC has them in trailers.
#pragma once

#include "tern/status.h"
#include "wire/grpc/text.h"

namespace tern::wire::grpc {

// Appends grpc-status, grpc-message and, for a declared error, grpc-status-details-bin: a
// google.rpc.Status whose detail is of the type "type.googleapis.com/" and the error's name.
void add_error(const Status& status, Fields& fields);

}  // namespace tern::wire::grpc
