// Lists of numbers.
#pragma once

#include "codec/proto/input.h"

namespace tern::codec::proto {

// Numbers without tags, added to those that are there.
bool read_packed(const ValueType& type, At at, At end, void* out, Into into, Reading& reading);
// One number of a list that is not packed, behind its tag.
At read_unpacked(const ValueType& type, At at, At end, void* out, Reading& reading);

}  // namespace tern::codec::proto
