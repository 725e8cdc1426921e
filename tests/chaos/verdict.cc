#include "chaos/verdict.h"

#include <fmt/format.h>

#include <algorithm>

namespace tern::chaos {

namespace {

constexpr std::size_t kExamples = 20;

constexpr std::array<std::string_view, static_cast<std::size_t>(Breach::kCount)> kNames{
    "lost",     "late",      "two outcomes",        "doubled",   "crossed",
    "false no", "false yes", "cancelled by nobody", "of no call"};

constexpr std::array<std::string_view, 3> kRan{"no", "unknown", "yes"};

}  // namespace

std::string_view breach_name(Breach breach) noexcept {
  return kNames[static_cast<std::size_t>(breach)];
}

std::uint64_t Verdict::broken() const noexcept {
  std::uint64_t sum = 0;
  for (std::uint64_t count : breaches) sum += count;
  return sum;
}

void Judge::add(const std::vector<Record>& records) {
  for (const Record& record : records) {
    if (record.kind == Record::Kind::kPaused) {
      pauses_[caller_of(record.nonce)].push_back({record.value, record.at});
      continue;
    }
    Call& call = calls_[record.nonce];
    switch (record.kind) {
      case Record::Kind::kStart:
        call.started = true;
        call.flags = record.flags;
        call.channel = record.where;
        call.begun = record.at;
        call.deadline = record.value;
        break;
      case Record::Kind::kEnd:
        if (++call.ends == 1) call.end = record;
        break;
      case Record::Kind::kRun:
        ++call.runs;
        break;
      case Record::Kind::kPaused:
        break;
    }
  }
}

Verdict Judge::judge() const {
  Verdict verdict;
  for (const auto& [nonce, call] : calls_) judge(nonce, call, verdict);
  return verdict;
}

Nanoseconds Judge::paused(std::uint32_t caller, std::int64_t from, std::int64_t to) const {
  auto found = pauses_.find(caller);
  std::int64_t sum = 0;
  if (found == pauses_.end()) return Nanoseconds(0);
  for (const Pause& pause : found->second) {
    sum += std::max<std::int64_t>(0, std::min(to, pause.to) - std::max(from, pause.from));
  }
  return Nanoseconds(sum);
}

void Judge::judge(Nonce nonce, const Call& call, Verdict& verdict) const {
  verdict.runs += static_cast<std::uint64_t>(call.runs);
  if (!call.started) {
    report(Breach::kStranger, nonce, call, verdict);
    return;
  }
  ++verdict.calls;
  if (call.runs > 1) {
    if ((call.flags & Record::kOnceOnly) != 0) {
      report(Breach::kDoubled, nonce, call, verdict);
    } else {
      ++verdict.ran_more_than_once;
    }
  }
  if (call.ends > 0) {
    judge_end(nonce, call, verdict);
  } else if (killed_.contains(caller_of(nonce))) {
    ++verdict.died_with_their_client;
  } else {
    report(Breach::kLost, nonce, call, verdict);
  }
}

void Judge::judge_end(Nonce nonce, const Call& call, Verdict& verdict) const {
  const Record& end = call.end;
  if (call.ends > 1) report(Breach::kTwoOutcomes, nonce, call, verdict);
  // The pause may have begun before the deadline, and end behind it.
  const Nanoseconds after(end.at - call.deadline);
  const Nanoseconds late = after - paused(caller_of(nonce), call.deadline, end.at);
  if (after > Nanoseconds(0)) {
    verdict.latest = std::max(verdict.latest, late);
    if (late >= std::chrono::milliseconds(100)) ++verdict.later_than_tenth;
    if (late > slack_) report(Breach::kLate, nonce, call, verdict);
  }
  const bool other = (end.flags & Record::kAnswered) != 0 && end.value != nonce;
  if (other || (end.flags & Record::kDamaged) != 0) {
    report(Breach::kCrossed, nonce, call, verdict);
  }
  if (end.code == Code::kOk) {
    ++verdict.succeeded;
    if (call.runs == 0) report(Breach::kFalseYes, nonce, call, verdict);
    return;
  }
  ++verdict.failed[static_cast<std::size_t>(end.ran)];
  ++verdict.by_code[static_cast<std::size_t>(end.code)];
  if (end.ran == HandlerRan::kNo && call.runs > 0) {
    report(Breach::kFalseNo, nonce, call, verdict);
  }
  if (end.ran == HandlerRan::kYes && call.runs == 0) {
    report(Breach::kFalseYes, nonce, call, verdict);
  }
  if (end.code == Code::kCancelled && (call.flags & Record::kCancels) == 0) {
    report(Breach::kCancelled, nonce, call, verdict);
  }
}

void Judge::report(Breach breach, Nonce nonce, const Call& call, Verdict& verdict) {
  ++verdict.breaches[static_cast<std::size_t>(breach)];
  if (verdict.examples.size() == kExamples) return;
  std::string outcome = "no outcome";
  if (call.ends > 0) {
    outcome = fmt::format("{} (ran: {}) after {} ms, its deadline was after {} ms",
                          call.end.code == Code::kOk ? "ok" : code_name(call.end.code),
                          kRan[static_cast<std::size_t>(call.end.ran)],
                          (call.end.at - call.begun) / 1'000'000,
                          (call.deadline - call.begun) / 1'000'000);
  }
  verdict.examples.push_back(
      fmt::format("{}: call {:#x} of client {} over channel {}, {}: {}, {} outcomes, {} executions",
                  breach_name(breach), nonce, caller_of(nonce), call.channel,
                  (call.flags & Record::kOnceOnly) != 0 ? "once only" : "idempotent", outcome,
                  call.ends, call.runs));
}

}  // namespace tern::chaos
