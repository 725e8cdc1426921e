// Lists of numbers.
#pragma once

#include <cstdint>

#include "codec/proto/output_room.h"
#include "codec/proto/wire.h"

namespace tern::codec::proto {

// A field whose bytes are all elements; nothing of an empty list.
std::byte* put_packed(std::byte* at, std::uint32_t number, const ValueType& type, const void* list,
                      OutputRoom& room);

}  // namespace tern::codec::proto
