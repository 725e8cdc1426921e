// Protobuf, reading.
#pragma once

#include "tern/buffer.h"
#include "tern/codegen/proto_table.h"
#include "tern/codegen/type_ops.h"
#include "tern/status.h"

namespace tern::codec::proto {

// A whole value, which stands in a message of its own unless it is one.
Status decode(const ValueType& type, ByteView bytes, void* out, const DecodeLimits& limits);

}  // namespace tern::codec::proto
