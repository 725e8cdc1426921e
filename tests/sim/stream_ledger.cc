#include "sim/stream_ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tern::sim {

std::string StreamLedger::words(Nonce nonce) {
  return fmt::format("handler's words {}", nonce);
}

void StreamLedger::violate(Nonce nonce, const std::string& what) {
  ledger_.violate(fmt::format("{}: {}", what, ledger_.describe(nonce)));
}

void StreamLedger::check(Nonce nonce, const Item& item, std::int64_t expected, const char* who) {
  ++messages_;
  if (static_cast<Nonce>(item.nonce) != nonce) {
    violate(nonce, fmt::format("the {} has a message of stream {}", who, item.nonce));
  } else if (item.position != expected) {
    violate(nonce,
            fmt::format("the {} has message {} where {} was due", who, item.position, expected));
  } else if (!is_stream_load(seed_, nonce, plan(nonce), item)) {
    violate(nonce,
            fmt::format("message {} has come to the {} with wrong bytes", item.position, who));
  }
}

Item StreamLedger::item(Nonce nonce, std::int64_t position) {
  Item made;
  made.nonce = static_cast<std::int64_t>(nonce);
  made.position = position;
  made.load = stream_load(seed_, nonce, plan(nonce), position);
  return made;
}

// kInternal is for a peer that breaks a rule, but for handlers that throw, or drop a Writer, for an
// authenticator that fails, and for what Connect over HTTP/2 cannot say within a message.
void StreamLedger::expect_lawful(Nonce nonce, const Status& end) {
  if (end.code() != Code::kInternal) return;
  if (ledger_.not_known(nonce) && end.message().find("authenticator") != std::string_view::npos) {
    return;
  }
  const HandlerEnd handlers = plan(nonce).handler_end;
  if (handlers == HandlerEnd::kThrows && end.message().find(words(nonce)) != std::string::npos) {
    return;
  }
  if (handlers == HandlerEnd::kKeptDropped) return;
  if (end.message().find("(INTERNAL_ERROR) within a message") != std::string_view::npos) return;
  violate(nonce, "a rule of streams is broken: " + end.to_string());
}

// --- The caller's side ---

void StreamLedger::caller_wrote(Nonce nonce) {
  Stream& stream = streams_[nonce];
  ++stream.wrote;
  trace_.step("caller wrote", nonce, static_cast<std::uint64_t>(stream.wrote));
}

void StreamLedger::caller_reads(Nonce nonce, const Item& item) {
  Stream& stream = streams_[nonce];
  if (stream.ended) violate(nonce, "a message behind the end");
  check(nonce, item, ++stream.read, "caller");
  trace_.step("caller read", nonce, static_cast<std::uint64_t>(item.position));
  const bool written = std::any_of(stream.runs.begin(), stream.runs.end(),
                                   [&](const Run& run) { return run.wrote >= item.position; });
  if (!written) violate(nonce, fmt::format("nobody has written message {}", item.position));
}

void StreamLedger::caller_ends(Nonce nonce, const Status& end) {
  Stream& stream = streams_[nonce];
  if (std::exchange(stream.ended, true)) return;  // which the ledger of calls does not allow
  expect_lawful(nonce, end);
  const bool is_handlers = end.ok() || end.message().find(words(nonce)) != std::string_view::npos;
  if (!is_handlers || stream.plan.kind == StreamKind::kSum) return;
  const bool known = std::any_of(stream.runs.begin(), stream.runs.end(), [&](const Run& run) {
    return run.ended && run.outcome.ok() == end.ok() && run.wrote <= stream.read;
  });
  if (known) return;
  std::string said;
  for (const Run& run : stream.runs) {
    said += fmt::format("; a handler {}, behind message {}",
                        !run.ended         ? "goes on"
                        : run.outcome.ok() ? "ended well"
                                           : "failed",
                        run.wrote);
  }
  violate(nonce, fmt::format("the caller has read {} messages{}", stream.read, said));
}

void StreamLedger::caller_ends(Nonce nonce, const bank::Total& total) {
  Stream& stream = streams_[nonce];
  stream.ended = true;
  if (static_cast<Nonce>(total.nonce) != nonce) {
    violate(nonce, fmt::format("the total of stream {}", total.nonce));
  }
  const bool known = std::any_of(stream.runs.begin(), stream.runs.end(), [&](const Run& run) {
    return run.ended && run.outcome.ok() && run.read == total.messages &&
           run.read_all == total.complete;
  });
  if (!known) violate(nonce, fmt::format("no handler has counted {} messages", total.messages));
}

// What its handler has written has come, and the caller has sent nothing.
std::optional<Clock::TimePoint> StreamLedger::quiet_since(
    Nonce nonce, std::optional<Clock::TimePoint> heard_at) const {
  const Stream& stream = streams_.at(nonce);
  if (stream.plan.kind != StreamKind::kCount || stream.runs.size() != 1) return std::nullopt;
  const Run& run = stream.runs.front();
  if (run.wrote > stream.read) return std::nullopt;
  if (stream.read == 0) return run.began;
  return heard_at;
}

// --- The handler's side ---

std::size_t StreamLedger::run(Nonce nonce, std::int64_t position) {
  Stream& stream = streams_[nonce];
  // One may have come that the program has not taken.
  if (position > stream.read + 1) {
    violate(nonce, fmt::format("it goes on behind message {}; the caller has read {}", position,
                               stream.read));
  }
  stream.runs.emplace_back();
  stream.runs.back().began = ledger_.now();
  if (stream.runs.size() > 1) trace_.fault(Fault::kStreamResumed, nonce);
  return stream.runs.size() - 1;
}

void StreamLedger::handler_reads(Nonce nonce, std::size_t run, const Item& item) {
  Run& at = run_of(nonce, run);
  check(nonce, item, ++at.read, "handler");
  trace_.step("handler read", nonce, static_cast<std::uint64_t>(item.position));
  if (item.position > streams_[nonce].tried) {
    violate(nonce, fmt::format("the caller has not written message {}", item.position));
  }
}

void StreamLedger::handler_wrote(Nonce nonce, std::size_t run, std::int64_t position) {
  run_of(nonce, run).wrote = position;
  trace_.step("handler wrote", nonce, static_cast<std::uint64_t>(position));
}

void StreamLedger::handler_sees_end(Nonce nonce, std::size_t run, const Status& end) {
  Stream& stream = streams_[nonce];
  Run& at = run_of(nonce, run);
  trace_.step("handler sees the end", nonce, static_cast<std::uint64_t>(end.code()));
  expect_lawful(nonce, end);
  if (!end.ok()) return;
  at.read_all = true;
  if (!stream.half_closed) violate(nonce, "a half-close that nobody has made");
  if (at.read != stream.wrote) {
    violate(nonce, fmt::format("the handler has read {} messages to the half-close, of {}", at.read,
                               stream.wrote));
  }
}

void StreamLedger::handler_ends(Nonce nonce, std::size_t run, const Status& outcome) {
  Run& at = run_of(nonce, run);
  at.ended = true;
  at.outcome = outcome;
  trace_.step("handler ends", nonce, static_cast<std::uint64_t>(outcome.code()));
}

}  // namespace tern::sim
