// Errors as gRPC has them in trailers.
#pragma once

#include <string>
#include <string_view>

#include "tern/buffer.h"
#include "tern/status.h"
#include "wire/grpc/text.h"

namespace tern::wire::grpc {

// Appends grpc-status, grpc-message and, for a declared error, grpc-status-details-bin: a
// google.rpc.Status whose detail is of the type "type.googleapis.com/" and the error's name.
void add_error(const Status& status, Fields& fields);

// What grpc-status says: kUnknown for what is no code of gRPC's.
Code read_code(std::string_view grpc_status) noexcept;

// Reads the value of grpc-status-details-bin: the first detail's type, without what stands before
// its last "/", and its bytes. Both stay empty if there is none, or the value makes no sense: then
// the code and the message have to do.
void read_details(std::string_view value, std::string& type, Buffer& detail);

}  // namespace tern::wire::grpc
