#include "wire/check_limits.h"

#include <fmt/format.h>

namespace tern::wire {

Status too_large(std::string_view part, std::uint64_t size, std::size_t limit, HandlerRan ran) {
  return Status(Code::kResourceExhausted,
                fmt::format("{} is {} bytes long; the limit is {}", part, size, limit), ran);
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
