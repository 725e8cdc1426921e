#include "serve/refusal.h"

namespace tern::serve {

Refusal refusal_of(wire::FrameLimit limit) noexcept {
  switch (limit) {
    case wire::FrameLimit::kMethodName:
      return Refusal::kMethodNameTooLong;
    case wire::FrameLimit::kMetadata:
      return Refusal::kMetadataTooLarge;
    case wire::FrameLimit::kNone:
    case wire::FrameLimit::kMessage:
      break;
  }
  return Refusal::kMessageTooLarge;
}

Refusal refusal_of(const Status& refused) noexcept {
  return refused.code() == Code::kPermissionDenied ? Refusal::kPermissionDenied
                                                   : Refusal::kUnauthenticated;
}

std::string_view refusal_name(Refusal reason) noexcept {
  switch (reason) {
    case Refusal::kTooManyHandshakes:
      return "too many handshakes";
    case Refusal::kHandshakeTimeout:
      return "handshake timeout";
    case Refusal::kInsecure:
      return "TLS handshake";
    case Refusal::kSilent:
      return "silent";
    case Refusal::kUnknownProtocol:
      return "unknown protocol";
    case Refusal::kMalformedHandshake:
      return "malformed handshake";
    case Refusal::kMalformedRequest:
      return "malformed request";
    case Refusal::kHandshakeTooLarge:
      return "handshake too large";
    case Refusal::kUnknownCodec:
      return "unknown codec";
    case Refusal::kUnknownVersion:
      return "unknown version";
    case Refusal::kMalformedFrame:
      return "malformed frame";
    case Refusal::kUnexpectedFrame:
      return "unexpected frame";
    case Refusal::kMessageTimeout:
      return "message timeout";
    case Refusal::kHalfCloseTimeout:
      return "half-close timeout";
    case Refusal::kIdle:
      return "idle";
    case Refusal::kOld:
      return "old";
    case Refusal::kUnsentReplies:
      return "unsent replies";
    case Refusal::kMessageTooLarge:
      return "message too large";
    case Refusal::kMethodNameTooLong:
      return "method name too long";
    case Refusal::kMetadataTooLarge:
      return "metadata too large";
    case Refusal::kMalformedMetadata:
      return "malformed metadata";
    case Refusal::kUnknownMethod:
      return "unknown method";
    case Refusal::kMalformedArgument:
      return "malformed argument";
    case Refusal::kIdInUse:
      return "id in use";
    case Refusal::kTooManyCalls:
      return "too many calls";
    case Refusal::kTooManyStreams:
      return "too many streams";
    case Refusal::kWrongKindOfCall:
      return "wrong kind of call";
    case Refusal::kOverAdaptiveLimit:
      return "over the adaptive limit";
    case Refusal::kDeadlineExceeded:
      return "deadline exceeded";
    case Refusal::kGoingAway:
      return "going away";
    case Refusal::kUnauthenticated:
      return "unauthenticated";
    case Refusal::kPermissionDenied:
      return "permission denied";
    case Refusal::kCount:
      break;
  }
  return "unknown";
}

bool is_logged(Refusal reason) noexcept {
  return reason != Refusal::kSilent && reason != Refusal::kGoingAway;
}

Status going_away() {
  return Status(Code::kUnavailable, "server: going away; it takes no new calls", HandlerRan::kNo);
}

}  // namespace tern::serve
