// What a client's request consists of.
#pragma once

#include "http2/session.h"
#include "tern/buffer.h"
#include "tern/codegen/type_ops.h"
#include "tern/compression.h"
#include "tern/status.h"
#include "wire/client_protocol.h"

namespace tern::wire::grpc {

// Appends what a request of gRPC's says of its call. Its metadata can be sent: see
// check_metadata().
void add_request_fields(const RequestHead& head, http2::Fields& fields);

// Appends a message behind its prefix to `out`, which is empty.
Status put_request_message(const TypeOps& type, const void* value, Compression how, Buffer& out);

}  // namespace tern::wire::grpc
