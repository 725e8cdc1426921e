#include "sim/ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tern::sim {

namespace {

constexpr std::chrono::seconds kSoon{4};  // the rest of a large request may be on its way first

}  // namespace

Ledger::Nonce Ledger::start(std::string via, bool once_only,
                            std::optional<std::chrono::nanoseconds> timeout) {
  Call call;
  call.via = std::move(via);
  call.once_only = once_only;
  if (timeout) call.deadline = saturating_add(clock_.now(), *timeout);
  calls_.push_back(std::move(call));
  Nonce nonce = calls_.size() - 1;
  trace_.step("start", nonce);
  if (trace_.prints()) trace_.note(describe(nonce));
  return nonce;
}

std::string Ledger::describe(Nonce nonce) const {
  const Call& call = calls_[nonce];
  std::string outcome = call.ends == 0 ? "has not ended" : call.outcome.to_string();
  constexpr const char* kRan[] = {"no", "unknown", "yes"};
  return fmt::format("call {} over {}{}: {} (ran: {}), {} ends, {} runs", nonce, call.via,
                     call.once_only ? ", once only" : "", outcome,
                     kRan[static_cast<std::size_t>(call.outcome.handler_ran())], call.ends,
                     call.runs);
}

std::string Ledger::describe_open() const {
  std::size_t open = 0;
  Nonce last = 0;
  for (Nonce nonce = 0; nonce < calls_.size(); ++nonce) {
    if (calls_[nonce].ends > 0 || calls_[nonce].dropped) continue;
    ++open;
    last = nonce;
  }
  if (open == 0) return "all calls have ended";
  return fmt::format("{} calls have not ended, the last is {}", open, describe(last));
}

void Ledger::violate(std::string what) {
  trace_.note("VIOLATION " + what);
  violations_.push_back(std::move(what));
}

Ledger::Call& Ledger::end(Nonce nonce) {
  Call& call = calls_[nonce];
  call.ended_at = clock_.now();
  if (++call.ends > 1) violate("ends twice: " + describe(nonce));
  if (call.deadline && clock_.now() > *call.deadline) {
    violate(fmt::format("ends {} ns after its deadline: {}",
                        (clock_.now() - *call.deadline).count(), describe(nonce)));
  }
  return call;
}

void Ledger::end_well(Nonce nonce, Nonce replied) {
  Call& call = end(nonce);
  trace_.step("success", nonce);
  ++ended_well_;
  if (replied != nonce) {
    violate(fmt::format("has the reply of call {}: {}", replied, describe(nonce)));
  }
  if (call.runs == 0) violate("a success without a handler: " + describe(nonce));
}

void Ledger::end_badly(Nonce nonce, const Status& why) {
  Call& call = end(nonce);
  call.outcome = why;
  trace_.step("failure", nonce, static_cast<std::uint64_t>(why.code()));
  if (trace_.prints()) trace_.note(describe(nonce));
  ++ended_badly_[static_cast<std::size_t>(why.handler_ran())];
  if (why.handler_ran() == HandlerRan::kNo && call.runs > 0) {
    violate("says that no handler has run: " + describe(nonce));
  }
  if (why.code() == Code::kCancelled && !call.may_be_cancelled) {
    violate("nobody has cancelled it: " + describe(nonce));
  }
  if (calm_ && !call.may_be_lost && why.code() == Code::kUnavailable &&
      why.message() != kHandlersWords) {
    const bool drained =
        drains_ && (call.may_be_in_doubt || why.handler_ran() != HandlerRan::kUnknown);
    if (!drained) violate("all is calm: " + describe(nonce));
  }
  judge_refusal(nonce, why);
  if (why.handler_ran() == HandlerRan::kYes && call.runs == 0) {
    violate("says that its handler has run: " + describe(nonce));
  }
}

void Ledger::judge_refusal(Nonce nonce, const Status& why) {
  const Call& call = calls_[nonce];
  const bool unknown = why.code() == Code::kUnauthenticated;
  if (!call.one_client || (!unknown && why.code() != Code::kPermissionDenied)) return;
  if (call.runs > 0) violate("was refused, and has run: " + describe(nonce));
  if (call.one_client->says_ran && why.handler_ran() != HandlerRan::kNo) {
    violate("was refused, and does not say that no handler has run: " + describe(nonce));
  }
  if (unknown && call.asks > 0 && call.refusals == 0) {
    violate("nobody has refused it: " + describe(nonce));
  }
}

void Ledger::ask(Nonce nonce, std::uint64_t token) {
  Call& call = calls_[nonce];
  ++call.asks;
  if (call.one_client && (call.asks > call.one_client->sends || call.asks > 1 + call.refusals)) {
    violate(fmt::format("is sent {} times, and was refused {} times: {}", call.asks, call.refusals,
                        describe(nonce)));
  }
  if (call.one_client && call.asks > 1) {
    trace_.fault(Fault::kSentAgain, nonce);
    if (token <= call.last_token) {
      violate("is sent again with a token that is not fresh: " + describe(nonce));
    }
  }
  call.last_token = token;
}

void Ledger::look(Nonce nonce) {
  Call& call = calls_[nonce];
  if (call.deadline && call.ends == 0) call.deadline = std::max(*call.deadline, clock_.now());
}

void Ledger::allow_cancelled_over(const std::string& via) {
  for (Call& call : calls_) {
    if (call.ends == 0 && call.via == via) call.may_be_cancelled = true;
  }
}

void Ledger::run(Nonce nonce, const std::string& peer) {
  if (nonce >= calls_.size()) {
    violate(fmt::format("a handler runs for call {}, which was never made", nonce));
    return;
  }
  Call& call = calls_[nonce];
  ++call.runs;
  trace_.step("run", nonce, static_cast<std::uint64_t>(call.runs));
  if (trace_.prints()) trace_.note(fmt::format("call {} runs for {}", nonce, peer));
  if (call.ends > 0 && !call.outcome.ok() && call.outcome.handler_ran() == HandlerRan::kNo) {
    violate("runs after its caller was told that it has not: " + describe(nonce));
  }
  if (calm_ && call.one_client && call.one_client->is_told && call.ended_at &&
      clock_.now() > *call.ended_at + kSoon) {
    violate("begins long after its caller was told of its end: " + describe(nonce));
  }
  if (call.once_only && call.runs > 1) violate("runs twice: " + describe(nonce));
}

void Ledger::end_run(Nonce nonce) {
  if (nonce >= calls_.size()) return;
  const Call& call = calls_[nonce];
  if (calm_ && call.cancelled_at && clock_.now() > *call.cancelled_at + kSoon) {
    violate("its handler goes on though it was cancelled: " + describe(nonce));
  }
}

void Ledger::expect_ends() {
  for (Nonce nonce = 0; nonce < calls_.size(); ++nonce) {
    const Call& call = calls_[nonce];
    if (call.ends == 0 && !call.dropped) violate("never ends: " + describe(nonce));
  }
}

}  // namespace tern::sim
