// What it says of a call that its server has reset the stream.
#pragma once

#include <cstdint>
#include <string_view>

#include "tern/status.h"

namespace tern::wire::over_http2 {

struct StreamReset {
  std::uint32_t code = 0;       // of HTTP/2
  bool late = false;            // the call's deadline has passed: who cancels does so for that
  std::string_view going_away;  // what the server has said of its own end; or ""
};

// `begun`: something of the response has come. If not, REFUSED_STREAM is a proof that no handler
// has run (RFC 9113, section 8.7).
Status status_of(const StreamReset& reset, bool begun);

}  // namespace tern::wire::over_http2
