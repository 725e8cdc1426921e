#include "wire/over_http2/stream_reset.h"

#include <fmt/format.h>

#include "http2/session.h"

namespace tern::wire::over_http2 {

namespace {

// RFC 9113, section 7, as gRPC and Connect read it.
Code code_of(const StreamReset& reset) noexcept {
  constexpr std::uint32_t kInadequateSecurity = 12;
  switch (reset.code) {
    case static_cast<std::uint32_t>(http2::ErrorCode::kRefusedStream):
      return Code::kUnavailable;
    case static_cast<std::uint32_t>(http2::ErrorCode::kCancel):
      return reset.late ? Code::kDeadlineExceeded : Code::kCancelled;
    case static_cast<std::uint32_t>(http2::ErrorCode::kEnhanceYourCalm):
      return Code::kResourceExhausted;
    case kInadequateSecurity:
      return Code::kPermissionDenied;
    default:
      return Code::kInternal;
  }
}

}  // namespace

Status status_of(const StreamReset& reset, bool begun) {
  const bool refused = reset.code == static_cast<std::uint32_t>(http2::ErrorCode::kRefusedStream);
  if (!refused) {
    return Status(
        code_of(reset),
        fmt::format("the server has reset the stream ({})", http2::error_name(reset.code)),
        HandlerRan::kUnknown);
  }
  return Status(code_of(reset),
                fmt::format("the server has not begun the call (REFUSED_STREAM){}{}",
                            reset.going_away.empty() ? "" : ": ", reset.going_away),
                begun ? HandlerRan::kUnknown : HandlerRan::kNo);
}

}  // namespace tern::wire::over_http2
