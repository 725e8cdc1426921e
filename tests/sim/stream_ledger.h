// What a simulation's streams promise for their messages, held against what their two programs did.
// That they are calls, and what calls promise, is Ledger's affair.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/ledger.h"
#include "sim/stream_plan.h"
#include "sim/trace.h"
#include "tern/clock.h"
#include "tern/status.h"

namespace tern::sim {

// The promises, in each direction:
// - messages come in order, each once, none is left out, and none has a wrong byte; also if the
//   stream goes on on another server;
// - nothing comes that was not written;
// - who sees a clean end has all messages that were written before it;
// - a caller that sees the outcome of its handler, be it a failure, has all that was written
// before;
// - a handler sees a clean end only behind a half-close;
// - a caller that waits hears of a silence when that is as long as it said, neither before nor
//   behind that;
// - what is lost is lost with a failure, and an end stays what it was;
// - nobody says that the other side does not keep to its window, or to the format.
class StreamLedger {
 public:
  using Nonce = Ledger::Nonce;

  StreamLedger(Ledger& ledger, Trace& trace, std::uint64_t seed) noexcept
      : ledger_(ledger), trace_(trace), seed_(seed) {}

  // --- The caller's side ---

  void open(Nonce nonce, const StreamPlan& plan) { streams_[nonce].plan = plan; }
  // Is about to write; and it has been queued.
  void caller_writes(Nonce nonce) { ++streams_[nonce].tried; }
  void caller_wrote(Nonce nonce);
  void caller_half_closes(Nonce nonce) { streams_[nonce].half_closed = true; }
  void caller_reads(Nonce nonce, const Item& item);
  // There are no more. `end`: its status.
  void caller_ends(Nonce nonce, const Status& end);
  void caller_ends(Nonce nonce, const bank::Total& total);

  // --- The handler's side ---

  // A handler begins; it is known by what this returns.
  std::size_t run(Nonce nonce, std::int64_t position);
  void handler_reads(Nonce nonce, std::size_t run, const Item& item);
  void handler_wrote(Nonce nonce, std::size_t run, std::int64_t position);
  // There is no more to read.
  void handler_sees_end(Nonce nonce, std::size_t run, const Status& end);
  // With what it ends its stream, of its own will.
  void handler_ends(Nonce nonce, std::size_t run, const Status& outcome);
  // Since when at the latest nothing has come for the caller, if that is certain: `heard_at` is
  // when its last message came, if it knows.
  std::optional<Clock::TimePoint> quiet_since(Nonce nonce,
                                              std::optional<Clock::TimePoint> heard_at) const;
  // How many have run.
  std::size_t runs(Nonce nonce) { return streams_[nonce].runs.size(); }

  std::size_t streams() const noexcept { return streams_.size(); }
  std::uint64_t messages() const noexcept { return messages_; }

  // Of a failure that a handler has thought of itself, "handler's words 17".
  static std::string words(Nonce nonce);

  // --- Of both ---

  const StreamPlan& plan(Nonce nonce) { return streams_[nonce].plan; }
  Item item(Nonce nonce, std::int64_t position);

 private:
  struct Run {
    Clock::TimePoint began{};
    std::int64_t read = 0;
    std::int64_t wrote = 0;  // the last position
    bool ended = false;
    bool read_all = false;
    Status outcome;
  };
  struct Stream {
    StreamPlan plan;
    std::int64_t tried = 0;
    std::int64_t wrote = 0;
    std::int64_t read = 0;
    bool half_closed = false;
    bool ended = false;
    std::vector<Run> runs;
  };

  void violate(Nonce nonce, const std::string& what);
  void expect_lawful(Nonce nonce, const Status& end);
  void check(Nonce nonce, const Item& item, std::int64_t expected, const char* who);
  Run& run_of(Nonce nonce, std::size_t run) { return streams_[nonce].runs[run]; }

  Ledger& ledger_;
  Trace& trace_;
  const std::uint64_t seed_;
  std::map<Nonce, Stream> streams_;
  std::uint64_t messages_ = 0;
};

}  // namespace tern::sim
