// Timestamps as Go's time.Time writes itself (MarshalBinary), which gob carries as bytes.
#pragma once

#include <cstddef>
#include <string>

#include "tern/buffer.h"
#include "tern/field.h"

namespace tern::codec {

// A version, the seconds since year 1 in 8 bytes, nanoseconds in 4, the zone in 2.
inline constexpr std::size_t kGobTimeBytes = 15;

// In UTC. Returns where it ends.
std::byte* put_gob_time(std::byte* at, Timestamp value) noexcept;

// Reads versions 1 and 2, in any zone. Go's zero time, which means "no time" there, is 1970 here.
// What cannot be read is said in `why`.
bool read_gob_time(ByteView in, Timestamp& out, std::string& why);

}  // namespace tern::codec
