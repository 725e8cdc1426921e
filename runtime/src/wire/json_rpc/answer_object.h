// The objects that a JSON-RPC server answers with, in both versions.
#pragma once

#include <string_view>

#include "tern/buffer.h"
#include "tern/codegen/type_ops.h"
#include "tern/status.h"
#include "wire/json_rpc/calls.h"
#include "wire/json_rpc/error.h"

namespace tern::wire::json_rpc {

// `id` is JSON. A 1.0 error is a text; a 2.0 one an object with `code`.
void put_error_object(std::string_view id, Version version, ErrorCode code, const Status& status,
                      Buffer& out);

// A failure is the codec's; then something may have been appended.
Status put_reply_object(const Call& call, const TypeOps& type, const void* value, Buffer& out);

}  // namespace tern::wire::json_rpc
