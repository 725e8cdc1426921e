// The parts of one of our frames: from its header, and into it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#include "wire/check_limits.h"
#include "wire/native/frames.h"

namespace tern::wire::native {

// What a size field says at least: that the rest of the header follows it.
inline constexpr std::uint32_t kLeastSize = Frames::kHeaderBytes - Frames::kSizeFieldBytes;

inline Status broken(std::string what) {
  return Status(Code::kInternal, "frame: " + std::move(what), HandlerRan::kUnknown);
}

inline Frames::Parts parts_of(const Frames::Header& header) noexcept {
  const auto kind = static_cast<FrameKind>(header.kind);
  Frames::Parts parts;
  if (kind == FrameKind::kError ||
      (kind == FrameKind::kRequest && (header.flags & Frames::kByName) != 0)) {
    parts.name = header.name;
  }
  parts.metadata = header.metadata;
  if (kind == FrameKind::kError || kind == FrameKind::kGoingAway) parts.message = header.last;
  parts.all = header.size - kLeastSize;
  return parts;
}

inline FrameSizes frame_sizes(const Frames::Parts& parts) noexcept {
  const std::uint64_t body = parts.all - (parts.name + parts.metadata + parts.message);
  return {.method_name = parts.name,
          .metadata = parts.metadata,
          .message = std::max(body, parts.message)};
}

// A frame without a name and metadata: of `header` the size is set here.
inline void append_frame(Frames::Header header, ByteView body, Buffer& out) {
  header.size = static_cast<std::uint32_t>(kLeastSize + body.size());
  std::memcpy(out.grow(Frames::kHeaderBytes), &header, sizeof header);
  out.append(body);
}

}  // namespace tern::wire::native
