// What becomes of one stream: what its two programs do, and what is in its messages. Both know it,
// since it follows from the seed and the number of the stream.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "bank.service.h"
#include "sim/ledger.h"

namespace tern::sim {

using bank::Item;

enum class StreamKind : std::uint8_t { kCount, kSum, kEcho };

// How the handler comes to its end.
enum class HandlerEnd : std::uint8_t {
  kWell,
  kFails,         // with words of its own, behind its messages
  kThrows,        // likewise
  kEarly,         // well, without having read all
  kKept,          // Count's: it keeps its Writer, which is used and finished elsewhere
  kKeptFails,     // likewise, and finished with an error
  kKeptDropped,   // likewise, and dropped
  kAtDrain,       // Count's: as kWell, or with kUnavailable when its server drains
  kForgets,       // Count's: as kAtDrain, and nobody can go on behind a position
  kWaitsForEver,  // the caller leaves
};

// How the caller comes to its end.
enum class CallerEnd : std::uint8_t {
  kStays,
  kCancels,    // at some time
  kDrops,      // behind some messages, with others queued
  kInTime,     // the deadline ends it
  kInSilence,  // its message timeout ends it
  kBehindAll,  // it cancels when it has written all
};

struct StreamPlan {
  StreamPlan() = default;

  StreamKind kind = StreamKind::kCount;
  std::int64_t messages = 0;  // that the one side writes; the other echoes them, or counts them
  HandlerEnd handler_end = HandlerEnd::kWell;
  bool drops_reader = false;  // Sum's, before it waits for ever: what comes is nobody's
  // Behind so many messages.
  std::int64_t handler_stops_at = 0;
  std::chrono::nanoseconds handler_pace{0};  // between messages, at most
  // A handler that goes on behind a position begins so many messages earlier.
  std::int64_t repeats = 0;

  CallerEnd caller_end = CallerEnd::kStays;
  std::int64_t caller_stops_at = 0;
  std::chrono::nanoseconds caller_leaves_after{0};
  std::chrono::nanoseconds caller_pace{0};
  std::chrono::nanoseconds stall{0};  // once, behind so many messages
  std::int64_t stalls_at = 0;

  std::chrono::nanoseconds message_timeout{0};  // 0: none
  std::size_t size = 0;                         // of each message; 0: by chance
};

StreamPlan stream_plan(std::uint64_t seed, Ledger::Nonce nonce);
// A watcher's, who stays for long and whatever befalls its servers.
StreamPlan watch_plan(std::uint64_t seed, Ledger::Nonce nonce);
// One whose only message comes back, which is of this size.
StreamPlan echo_plan(std::size_t size);

// What is in the message of a stream at a position.
std::vector<std::byte> stream_load(std::uint64_t seed, Ledger::Nonce nonce, const StreamPlan& plan,
                                   std::int64_t position);
// Whether it is that, to the last byte.
bool is_stream_load(std::uint64_t seed, Ledger::Nonce nonce, const StreamPlan& plan,
                    const Item& item);

}  // namespace tern::sim
