// How long a list of numbers is.
#pragma once

#include <cstddef>
#include <span>

#include "codec/proto/wire.h"

namespace tern::codec::proto {

// What numbers take that are varints.
std::size_t sum_of_sizes(ValueKind kind, std::span<const std::byte> numbers);

}  // namespace tern::codec::proto
