#include "sim/fault.h"

namespace tern::sim {

std::string_view fault_name(Fault fault) noexcept {
  switch (fault) {
    case Fault::kDelayedSegment:
      return "delayed segment";
    case Fault::kSplitSegment:
      return "split segment";
    case Fault::kShortRead:
      return "short read";
    case Fault::kShortWrite:
      return "short write";
    case Fault::kStall:
      return "stall";
    case Fault::kReset:
      return "reset";
    case Fault::kResetAtByte:
      return "reset at a byte";
    case Fault::kResetBehindCut:
      return "reset behind a cut write";
    case Fault::kUnreadLostInReset:
      return "unread bytes lost in a reset";
    case Fault::kHalfClosedPeer:
      return "peer closes its side";
    case Fault::kBlackHole:
      return "black hole";
    case Fault::kVanishedHost:
      return "host vanishes";
    case Fault::kRefusedConnect:
      return "connect refused";
    case Fault::kHangingConnect:
      return "connect hangs";
    case Fault::kDeadFirstAddress:
      return "dead first address";
    case Fault::kSlowConnect:
      return "slow connect";
    case Fault::kKilledServer:
      return "server killed";
    case Fault::kDrainedServer:
      return "server drained";
    case Fault::kServerLeft:
      return "server left the list";
    case Fault::kServerJoined:
      return "server joined the list";
    case Fault::kSlowHandler:
      return "slow handler";
    case Fault::kHandlerWithoutEnd:
      return "handler without end";
    case Fault::kHandlerBeyondKeepalive:
      return "handler beyond the keepalive";
    case Fault::kThrowingHandler:
      return "handler throws";
    case Fault::kDeclaredError:
      return "declared error";
    case Fault::kLargeReply:
      return "large reply";
    case Fault::kLargeRequest:
      return "large request";
    case Fault::kCancelledCall:
      return "call cancelled";
    case Fault::kDroppedCall:
      return "call dropped";
    case Fault::kShortDeadline:
      return "short deadline";
    case Fault::kDeadlineNearReply:
      return "deadline near the reply";
    case Fault::kCallInCallback:
      return "call in a callback";
    case Fault::kClientClosedInCallback:
      return "client closed in a callback";
    case Fault::kClientClosed:
      return "client closed";
    case Fault::kSmallLimits:
      return "small limits";
    case Fault::kSilentConnection:
      return "silent connection";
    case Fault::kClientServes:
      return "client serves";
    case Fault::kCallOfTheCaller:
      return "handler calls its caller";
    case Fault::kCallToAll:
      return "call to all servers";
    case Fault::kServerDied:
      return "server died, and was not withdrawn";
    case Fault::kServerReturned:
      return "server returned";
    case Fault::kRegistryKilled:
      return "registry killed, and back without its list";
    case Fault::kRegistryHung:
      return "registry hung";
    case Fault::kRegistryCutOff:
      return "registry cut off";
    case Fault::kRegistrySlow:
      return "slow registry";
    case Fault::kServerStream:
      return "server stream";
    case Fault::kClientStream:
      return "client stream";
    case Fault::kBidiStream:
      return "bidi stream";
    case Fault::kStreamCancelled:
      return "stream cancelled";
    case Fault::kStreamDropped:
      return "stream dropped";
    case Fault::kStreamStalled:
      return "stream not read or written for long";
    case Fault::kStreamKept:
      return "stream kept by its handler";
    case Fault::kStreamKeptDropped:
      return "kept stream dropped";
    case Fault::kStreamReaderDropped:
      return "handler's reader dropped";
    case Fault::kStreamResumed:
      return "stream resumed";
    case Fault::kStreamForgotten:
      return "stream that cannot be resumed";
    case Fault::kStreamDrained:
      return "stream ended by a drain";
    case Fault::kSilentStream:
      return "stream with a message timeout";
    case Fault::kCancelledRead:
      return "read cancelled";
    case Fault::kFlushedStream:
      return "stream flushed";
    case Fault::kEmptyMessage:
      return "empty message";
    case Fault::kMessageOverWindow:
      return "message over the window";
    case Fault::kStreamOfTheCaller:
      return "handler opens a stream to its caller";
    case Fault::kSeenMessage:
      return "message seen by an interceptor";
    case Fault::kPokedStream:
      return "stream written to from within an interceptor";
    case Fault::kLateAnswer:
      return "authenticator answers later";
    case Fault::kLongAnswer:
      return "authenticator answers much later";
    case Fault::kNoAnswer:
      return "authenticator never answers";
    case Fault::kDroppedAnswer:
      return "authenticator drops the answer";
    case Fault::kThrowingAuthenticator:
      return "authenticator throws";
    case Fault::kSecondAnswer:
      return "authenticator answers twice";
    case Fault::kAnswerBehindEnd:
      return "authenticator answers when the call has ended";
    case Fault::kRefusedOnce:
      return "good token refused once";
    case Fault::kMissingRole:
      return "role is missing";
    case Fault::kExpiredToken:
      return "expired token shown";
    case Fault::kRevokedTokens:
      return "tokens revoked";
    case Fault::kUnknownToken:
      return "token that nobody knows";
    case Fault::kUnknownAddress:
      return "protocol without metadata refused";
    case Fault::kKnownAddress:
      return "caller known by its address";
    case Fault::kSentAgain:
      return "call sent again with a fresh token";
    case Fault::kLateToken:
      return "token source answers later";
    case Fault::kNoToken:
      return "token source fails, throws or does not answer";
    case Fault::kCount:
      break;
  }
  return "";
}

}  // namespace tern::sim
