// How long a call may take.
#pragma once

#include <chrono>
#include <optional>

#include "tern/call_options.h"
#include "tern/client.h"
#include "tern/codegen/method.h"

namespace tern::call {

// The first of the caller's, the .rpc file's and, unless it is a stream, the client's wishes.
inline std::optional<std::chrono::nanoseconds> timeout_of(const CallOptions& call,
                                                          const Method& method,
                                                          const ClientOptions& client) {
  if (call.timeout) return call.timeout;
  if (method.timeout > std::chrono::nanoseconds::zero()) return method.timeout;
  if (client.default_timeout > std::chrono::nanoseconds::zero() &&
      method.kind == MethodKind::kUnary) {
    return client.default_timeout;
  }
  return std::nullopt;
}

}  // namespace tern::call
