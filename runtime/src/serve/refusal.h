// Why a connection or a request is turned away, as a server counts it.
#pragma once

#include <cstdint>
#include <string_view>

namespace tern {

enum class Refusal : std::uint8_t {
  kTooManyHandshakes,
  kHandshakeTimeout,
  kUnknownProtocol,
  kMalformedOption,
  kMalformedRequest,
  kOptionTooLarge,
  kUnknownCodec,
  kUnknownVersion,
  kMalformedFrame,
  kUnexpectedFrame,
  kMessageTimeout,
  kHalfCloseTimeout,
  kIdle,
  kUnsentReplies,
  kMessageTooLarge,
  kMethodNameTooLong,
  kMetadataTooLarge,
  kMalformedMetadata,
  kUnknownMethod,
  kMalformedArgument,
  kIdInUse,
  kTooManyCalls,
  kDeadlinePassed,
  kGoingAway,
  kCount
};
std::string_view refusal_name(Refusal reason) noexcept;

}  // namespace tern
