// What a simulation's calls promise, held against what their handlers did.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/trace.h"
#include "tern/clock.h"
#include "tern/status.h"

namespace tern::sim {

// The promises:
// - a call ends once, and not after its deadline;
// - a success has had a handler, and carries the reply to this very call;
// - a failure that says kNo has had no handler, and gets none later; one that says kYes has had
// one;
// - a method that must not be done twice is not;
// - on a calm network a handler whose call was cancelled is soon cancelled, too;
// - one that says kCancelled was cancelled by its caller, or its client was closed;
// - on a calm network none says kUnavailable, unless a server stops; and then it is known whether
//   its handler has run;
// - where servers have an authenticator: a call of one client that was refused has not run, and
//   says so; it is sent once more at most, with a token that was not there before, and not unless
//   it was refused for its token; a call is not said to be refused that nobody has refused;
// - on a calm network a handler does not begin long after its caller was told of the end;
// - when everything is healed and time has passed, no call waits.
class Ledger {
 public:
  // With which a handler fails on its own account, with kUnavailable.
  static constexpr std::string_view kHandlersWords = "the handler's own words";

  using Nonce = std::uint64_t;

  Ledger(const Clock& clock, Trace& trace) noexcept : clock_(clock), trace_(trace) {}

  // --- The caller's side ---

  Nonce start(std::string via, bool once_only, std::optional<std::chrono::nanoseconds> timeout);
  // From now on it may end with kCancelled. One call, or all of a channel that have not ended.
  void allow_cancelled(Nonce nonce) { calls_[nonce].may_be_cancelled = true; }
  void allow_cancelled_over(const std::string& via);
  // The caller has cancelled it, and what it speaks can say so.
  void cancel(Nonce nonce) { calls_[nonce].cancelled_at = clock_.now(); }
  // Its peer may leave at any time, also on a calm network.
  void allow_loss(Nonce nonce) { calls_[nonce].may_be_lost = true; }
  // Nothing befalls connections and hosts.
  void expect_calm() { calm_ = true; }
  // Nothing but servers that stop, and let their calls end before.
  void allow_drain() { drains_ = true; }
  // What it speaks cannot say that a server stops and its handler has not run.
  void allow_doubt(Nonce nonce) { calls_[nonce].may_be_in_doubt = true; }
  // One client makes it, which sends it so often at most. `says_ran`: what it speaks says whether
  // the handler has run. `is_told`: and tells the server that the caller waits no more.
  struct OneClient {
    int sends = 1;
    bool says_ran = false;
    bool is_told = false;
  };
  void expect_one_client(Nonce nonce, OneClient how) { calls_[nonce].one_client = how; }
  // Its program looks at a stream only now: an end that came before is seen now.
  void look(Nonce nonce);
  // Its outcome is of no interest to anybody.
  void drop(Nonce nonce) { calls_[nonce].dropped = true; }
  void end_well(Nonce nonce, Nonce replied);
  void end_badly(Nonce nonce, const Status& why);
  bool ended(Nonce nonce) const { return calls_[nonce].ends > 0; }
  Clock::TimePoint now() const { return clock_.now(); }
  std::string describe(Nonce nonce) const;
  // How many have not ended, and the last of them.
  std::string describe_open() const;

  // --- The handler's side ---

  void run(Nonce nonce, const std::string& peer);
  void end_run(Nonce nonce);

  // --- The authenticator's side ---

  // A request of it asks to be accepted, with the token of this number; 0: with none.
  void ask(Nonce nonce, std::uint64_t token);
  // Not for this token.
  void refuse(Nonce nonce) { ++calls_[nonce].refusals; }
  // The authenticator has failed: the call may end with kInternal.
  void fail_to_know(Nonce nonce) { calls_[nonce].not_known = true; }
  bool not_known(Nonce nonce) const { return calls_[nonce].not_known; }
  // It ends by itself.
  bool has_deadline(Nonce nonce) const { return calls_[nonce].deadline.has_value(); }

  // --- The judgement ---

  // Now every call must have ended.
  void expect_ends();
  // Anything else that is not as it should be.
  void violate(std::string what);
  const std::vector<std::string>& violations() const noexcept { return violations_; }

  std::size_t calls() const noexcept { return calls_.size(); }
  std::size_t ended_well() const noexcept { return ended_well_; }
  // Of the failures: with each answer to "can the handler have run".
  std::size_t ended_badly(HandlerRan ran) const noexcept {
    return ended_badly_[static_cast<std::size_t>(ran)];
  }

 private:
  struct Call {
    std::string via;
    bool once_only = false;
    bool dropped = false;
    bool may_be_cancelled = false;
    bool may_be_lost = false;
    bool may_be_in_doubt = false;
    std::optional<Clock::TimePoint> deadline;
    std::optional<Clock::TimePoint> cancelled_at;
    std::optional<Clock::TimePoint> ended_at;
    std::optional<OneClient> one_client;
    int asks = 0;
    int refusals = 0;  // for its token
    std::uint64_t last_token = 0;
    bool not_known = false;
    int ends = 0;
    int runs = 0;
    Status outcome;
  };

  Call& end(Nonce nonce);
  void judge_refusal(Nonce nonce, const Status& why);

  const Clock& clock_;
  Trace& trace_;
  bool calm_ = false;
  bool drains_ = false;
  std::vector<Call> calls_;
  std::vector<std::string> violations_;
  std::size_t ended_well_ = 0;
  std::size_t ended_badly_[3] = {};
};

}  // namespace tern::sim
