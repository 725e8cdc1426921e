// A count for each code of a status.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace tern::base {

// gRPC's codes, of which the first is success.
inline constexpr std::size_t kCodes = 17;
using CodeCounts = std::array<std::uint64_t, kCodes>;

}  // namespace tern::base
