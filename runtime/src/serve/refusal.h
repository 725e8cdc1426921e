// Why a connection or a request is refused, as a server counts it.
#pragma once

#include <cstdint>
#include <string_view>

#include "tern/status.h"
#include "wire/check_limits.h"

namespace tern::serve {

enum class Refusal : std::uint8_t {
  kTooManyHandshakes,
  kHandshakeTimeout,
  kInsecure,  // the handshake of TLS failed
  kSilent,    // no byte came in the time of the handshake
  kUnknownProtocol,
  kMalformedHandshake,
  kMalformedRequest,
  kHandshakeTooLarge,
  kUnknownCodec,
  kUnknownVersion,
  kMalformedFrame,
  kUnexpectedFrame,
  kMessageTimeout,
  kHalfCloseTimeout,
  kIdle,
  kOld,
  kUnsentReplies,
  kMessageTooLarge,
  kMethodNameTooLong,
  kMetadataTooLarge,
  kMalformedMetadata,
  kUnknownMethod,
  kMalformedArgument,
  kIdInUse,
  kTooManyCalls,
  kTooManyStreams,
  kWrongKindOfCall,  // a stream of a unary method, or the other way round
  kOverAdaptiveLimit,
  kDeadlineExceeded,
  kGoingAway,
  kUnauthenticated,
  kPermissionDenied,
  kCount
};
// What a request over a limit is counted as.
Refusal refusal_of(wire::FrameLimit limit) noexcept;
// What a request that the authenticator, or the rules of its method, refused is counted as.
Refusal refusal_of(const Status& refused) noexcept;
std::string_view refusal_name(Refusal reason) noexcept;
// Whether the operator is told. Not of what happens to peers that do nothing wrong.
bool is_logged(Refusal reason) noexcept;

// What the peers of a server that stops hear. Nothing has run.
Status going_away();

}  // namespace tern::serve
