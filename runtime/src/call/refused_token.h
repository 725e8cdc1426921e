// Whether a call is made once more with a fresh token.
#pragma once

#include "tern/client.h"
#include "tern/codegen/method.h"
#include "tern/metadata.h"
#include "tern/status.h"

namespace tern::call {

// Whether requests with this metadata carry the client's token: another one would change nothing
// for a call that says itself who it is.
inline bool carries_token(const ClientOptions& options, const Metadata& metadata) noexcept {
  return options.token_source && metadata.get("authorization").empty();
}

// Whether the server has not believed the token. If its handler has run, it is the handler's
// answer, and the call is made once more only if it may run twice.
inline bool is_refused_token(const Status& outcome, const Method& method) noexcept {
  return outcome.code() == Code::kUnauthenticated &&
         (outcome.handler_ran() != HandlerRan::kYes || method.idempotent);
}

}  // namespace tern::call
