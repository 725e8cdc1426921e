// Maps: each entry is a field.
#pragma once

#include <cstddef>
#include <cstdint>

#include "codec/proto/input.h"

namespace tern::codec::proto {

// Behind the tag of a field `number`, and behind its further tags that follow at once.
At read_map(const ValueType& type, std::uint32_t number, At at, At end, void* out, Into into,
            std::size_t depth, Reading& reading);

}  // namespace tern::codec::proto
