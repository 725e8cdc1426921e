// What one frame may have at most: the table of these limits, and their check.
//
// A new limit is a member of Limits, a FrameLimit and a row here, a Refusal that it is counted as
// (serve/refusal.h), and a row in the README. All protocols check it then.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

#include "tern/limits.h"
#include "tern/status.h"

namespace tern::wire {

enum class FrameLimit : std::uint8_t { kNone, kMethodName, kMetadata, kMessage };

// How large the parts of a frame are, in bytes. A part that a protocol does not have is 0.
struct FrameSizes {
  std::uint64_t method_name = 0;
  std::uint64_t metadata = 0;
  std::uint64_t message = 0;
};

struct FrameLimitRow {
  FrameLimit limit;
  std::string_view part;  // as errors call it
  std::uint64_t FrameSizes::*size;
  std::size_t Limits::*most;
};

inline constexpr std::array<FrameLimitRow, 3> kFrameLimits = {{
    {FrameLimit::kMethodName, "the name of the method", &FrameSizes::method_name,
     &Limits::method_name_bytes},
    {FrameLimit::kMetadata, "the metadata", &FrameSizes::metadata, &Limits::metadata_bytes},
    {FrameLimit::kMessage, "the message", &FrameSizes::message, &Limits::message_bytes},
}};

// kResourceExhausted: "the message is 12 bytes long; the limit is 10".
Status too_large(std::string_view part, std::uint64_t size, std::size_t limit,
                 HandlerRan ran = HandlerRan::kNo);

// Whether all parts are within the limits.
template <std::size_t... I>
bool is_within(const FrameSizes& sizes, const Limits& limits,
               std::index_sequence<I...> /*rows*/) noexcept {
  return ((sizes.*kFrameLimits[I].size <= limits.*kFrameLimits[I].most) && ...);
}

inline bool is_within(const FrameSizes& sizes, const Limits& limits) noexcept {
  return is_within(sizes, limits, std::make_index_sequence<kFrameLimits.size()>());
}

// Sets `refused` and `limit` to what the first row of the table says that is exceeded.
void refuse_over_limit(const FrameSizes& sizes, const Limits& limits, Status& refused,
                       FrameLimit& limit, HandlerRan ran);

// Whether all parts are within the limits. If not, `refused` and `limit` say which one is the first
// of the table that is not, and `ran` goes into `refused`. Otherwise both stay as they are.
inline bool check_limits(const FrameSizes& sizes, const Limits& limits, Status& refused,
                         FrameLimit& limit, HandlerRan ran = HandlerRan::kNo) {
  // Not a loop, which the compiler would not unroll: this is for every frame.
  if (is_within(sizes, limits)) return true;
  refuse_over_limit(sizes, limits, refused, limit, ran);
  return false;
}

// A window is of use if a message with something in it fits, and is added to without overflow.
inline constexpr std::size_t kLeastStreamWindow = 1024;
inline constexpr std::size_t kMostStreamWindow = std::numeric_limits<std::int32_t>::max();

// What has to be so between the limits of streams: kInvalidArgument says what is not. Before a
// server or a client uses `limits`.
Status check_stream_limits(const Limits& limits);
// Whether `limits` allow streams at all.
inline bool allow_streams(const Limits& limits) noexcept {
  return limits.streams > 0 && limits.stream_window > 0;
}
// What the windows of a connection's streams may have together beyond the first ones.
inline std::size_t stream_budget(const Limits& limits) noexcept {
  return std::max(limits.stream_bytes, limits.message_bytes);
}
// What all windows of one direction may be, and so how much of streams a peer may send that nobody
// has taken.
inline std::uint64_t stream_windows(const Limits& limits) noexcept {
  if (!allow_streams(limits)) return 0;
  return std::uint64_t{limits.streams} * limits.stream_window + stream_budget(limits);
}

}  // namespace tern::wire
