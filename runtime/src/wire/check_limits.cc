#include "wire/check_limits.h"

#include <fmt/format.h>

namespace tern::wire {

Status too_large(std::string_view part, std::uint64_t size, std::size_t limit, HandlerRan ran) {
  return Status(Code::kResourceExhausted,
                fmt::format("{} is {} bytes long; the limit is {}", part, size, limit), ran);
}

Status check_stream_limits(const Limits& limits) {
  if (!allow_streams(limits)) return {};
  if (limits.stream_window >= kLeastStreamWindow && limits.stream_window <= kMostStreamWindow) {
    return {};
  }
  return Status(Code::kInvalidArgument,
                fmt::format("limits: stream_window is {}; expected {} to {}, or 0 for no streams",
                            limits.stream_window, kLeastStreamWindow, kMostStreamWindow));
}

void refuse_over_limit(const FrameSizes& sizes, const Limits& limits, Status& refused,
                       FrameLimit& limit, HandlerRan ran) {
  for (const FrameLimitRow& row : kFrameLimits) {
    if (sizes.*row.size <= limits.*row.most) continue;
    refused = too_large(row.part, sizes.*row.size, limits.*row.most, ran);
    limit = row.limit;
    return;
  }
}

}  // namespace tern::wire
