// What can go wrong in a simulation, each kind with a name and a count.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tern::sim {

enum class Fault : std::uint8_t {
  kDelayedSegment,
  kSplitSegment,
  kShortRead,
  kShortWrite,
  kStall,
  kReset,
  kResetAtByte,
  kResetBehindCut,
  kUnreadLostInReset,
  kHalfClosedPeer,
  kBlackHole,
  kVanishedHost,
  kRefusedConnect,
  kHangingConnect,
  kDeadFirstAddress,
  kSlowConnect,
  kKilledServer,
  kDrainedServer,
  kServerLeft,
  kServerJoined,
  kSlowHandler,
  kHandlerWithoutEnd,
  kHandlerBeyondKeepalive,
  kThrowingHandler,
  kDeclaredError,
  kLargeReply,
  kLargeRequest,
  kCancelledCall,
  kDroppedCall,
  kShortDeadline,
  kDeadlineNearReply,
  kCallInCallback,
  kClientClosedInCallback,
  kClientClosed,
  kSmallLimits,
  kSilentConnection,
  kClientServes,
  kCallOfTheCaller,
  kCallToAll,
  kServerDied,
  kServerReturned,
  kRegistryKilled,
  kRegistryHung,
  kRegistryCutOff,
  kRegistrySlow,
  kServerStream,
  kClientStream,
  kBidiStream,
  kStreamCancelled,
  kStreamDropped,
  kStreamStalled,
  kStreamKept,
  kStreamKeptDropped,
  kStreamReaderDropped,
  kStreamResumed,
  kStreamForgotten,
  kStreamDrained,
  kSilentStream,
  kCancelledRead,
  kFlushedStream,
  kEmptyMessage,
  kMessageOverWindow,
  kStreamOfTheCaller,
  kSeenMessage,
  kPokedStream,
  kCount
};

std::string_view fault_name(Fault fault) noexcept;

using FaultCounts = std::array<std::uint64_t, static_cast<std::size_t>(Fault::kCount)>;

}  // namespace tern::sim
