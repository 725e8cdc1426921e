// Timestamps and durations as protobuf has them: seconds, and nanoseconds beside those.
#pragma once

#include <cstdint>

#include "tern/field.h"

namespace tern::codec::proto {

inline constexpr std::int64_t kSecond = 1'000'000'000;  // nanoseconds

struct TimeParts {
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;
};

// The nanoseconds of a timestamp count forward, also before 1970.
inline TimeParts parts_of(Timestamp value) noexcept {
  const std::int64_t all = value.time_since_epoch().count();
  const std::int64_t seconds = all / kSecond;
  const auto nanos = static_cast<std::int32_t>(all % kSecond);
  if (nanos >= 0) return {seconds, nanos};
  return {seconds - 1, nanos + static_cast<std::int32_t>(kSecond)};
}

// Both parts of a duration have its sign.
inline TimeParts parts_of(Duration value) noexcept {
  return {value.count() / kSecond, static_cast<std::int32_t>(value.count() % kSecond)};
}

}  // namespace tern::codec::proto
