// Protobuf, writing.
#pragma once

#include "tern/buffer.h"
#include "tern/codegen/proto_table.h"
#include "tern/status.h"

namespace tern::codec::proto {

// A whole value, which stands in a message of its own unless it is one. Fails on what is over 2
// GiB, and on a string that is not UTF-8.
Status encode(const ValueType& type, const void* value, Buffer& out);

}  // namespace tern::codec::proto
