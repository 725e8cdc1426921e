#include "sim/stream_programs.h"

#include <fmt/format.h>

#include <algorithm>
#include <asio/co_spawn.hpp>
#include <exception>
#include <utility>

#include "base/duration_text.h"
#include "sim/stream_handler.h"
#include "sim/stream_program.h"

namespace tern::sim {

namespace {

bool carries(ViaStreams streams, StreamKind kind) noexcept {
  switch (streams) {
    case ViaStreams::kNone:
      return false;
    case ViaStreams::kOfServers:
      return kind == StreamKind::kCount;
    case ViaStreams::kOneDirection:
      return kind != StreamKind::kEcho;
    case ViaStreams::kAll:
      return true;
  }
  return false;
}

}  // namespace

using namespace std::chrono_literals;

// --- It is opened ---

void StreamPrograms::open(Channel& channel, const Way& way, CallOptions options) {
  open(channel, way, std::move(options), stream_plan(seed_, ledger_.calls()));
}

void StreamPrograms::open(Channel& channel, const Way& way, CallOptions options,
                          const StreamPlan& plan) {
  // The number is known before the ledger is told, since the deadline follows from it.
  const Nonce nonce = ledger_.calls();
  Program fresh(nonce, plan, way, Dice(seed_ ^ (nonce * 0xbf58476d1ce4e5b9u)));
  set_options(fresh, options);
  const bool resumes = way.is_cluster && plan.kind == StreamKind::kCount && options.resume;
  ledger_.start(way.name, !resumes, options.timeout);
  // One that was drained, and finds no other server, says what it knows of both.
  if (!way.tells || resumes) ledger_.allow_doubt(nonce);
  if (way.one_client) ledger_.expect_one_client(nonce, *way.one_client);
  if (way.may_be_lost) {
    ledger_.allow_loss(nonce);
    ledger_.allow_cancelled(nonce);
  }
  streams_.open(nonce, plan);
  bank::FlowStub stub(channel);
  auto program = std::make_shared<Program>(fresh);
  switch (plan.kind) {
    case StreamKind::kCount:
      trace_.fault(Fault::kServerStream, nonce);
      return begin(program, stub.Count(bank::Ask(), options),
                   [this](auto of) { return read_all(std::move(of)); });
    case StreamKind::kSum:
      trace_.fault(Fault::kClientStream, nonce);
      return begin(program, stub.Sum(options), [this](auto of) { return upload(std::move(of)); });
    case StreamKind::kEcho:
      trace_.fault(Fault::kBidiStream, nonce);
      return begin(program, stub.Echo(options), [this](auto of) { return chat(std::move(of)); });
  }
}

void StreamPrograms::set_options(Program& program, CallOptions& options) {
  const StreamPlan& plan = program.plan;
  options.metadata.add(kNonceKey, std::to_string(program.nonce));
  if (plan.caller_end == CallerEnd::kInTime) {
    options.timeout = program.dice.between(0ns, 100ms);
    trace_.fault(Fault::kShortDeadline);
  } else if (program.dice.percent(10)) {
    options.timeout = program.dice.between(1s, 60s);
  }
  if (plan.message_timeout > 0ns) {
    options.message_timeout = plan.message_timeout;
    trace_.fault(Fault::kSilentStream);
  }
  options.wait_for_ready = program.dice.percent(30);
  options.resume = program.dice.percent(85);
  if (program.dice.percent(50)) {
    options.stream_on_drain = program.dice.percent(60) ? StreamOnDrain::kMove : StreamOnDrain::kEnd;
  }
}

template <typename S, typename Body>
void StreamPrograms::begin(std::shared_ptr<Program> program, S stream, Body body) {
  auto whole = std::make_shared<ProgramOf<S>>(*program, std::move(stream));
  if (whole->plan.caller_end == CallerEnd::kCancels) {
    std::weak_ptr<ProgramOf<S>> weak = whole;
    agenda_.after(whole->plan.caller_leaves_after, [this, weak] {
      auto left = weak.lock();
      if (!left || !left->stream) return;
      trace_.fault(Fault::kStreamCancelled, left->nonce);
      leave(*left);
      left->stream->cancel();
    });
  }
  const Nonce nonce = whole->nonce;
  asio::co_spawn(io_, body(std::move(whole)), [this, nonce](std::exception_ptr thrown) {
    if (thrown) ledger_.violate("a program throws: " + ledger_.describe(nonce));
  });
}

// --- It leaves ---

void StreamPrograms::leave(const Program& program) {
  ledger_.allow_cancelled(program.nonce);
  if (program.way.tells && !ledger_.ended(program.nonce)) ledger_.cancel(program.nonce);
}

void StreamPrograms::drop(const Program& program) {
  trace_.fault(Fault::kStreamDropped, program.nonce);
  leave(program);
  ledger_.drop(program.nonce);
}

// --- It reads ---

asio::awaitable<void> StreamPrograms::pause(Program& program, std::int64_t done) {
  const StreamPlan& plan = program.plan;
  if (plan.stall > 0ns && done >= plan.stalls_at && !std::exchange(program.stalled, true)) {
    trace_.fault(Fault::kStreamStalled, program.nonce);
    co_await agenda_.sleep(plan.stall);
  }
  if (plan.caller_pace > 0ns) {
    co_await agenda_.sleep(program.dice.between(0ns, plan.caller_pace));
  }
  ledger_.look(program.nonce);
}

template <typename S>
asio::awaitable<bool> StreamPrograms::read(ProgramOf<S>& program, std::vector<Item>& got) {
  program.waits_since = clock_.now();
  const bool more = co_await read_somehow(program, got);
  if (!more) co_return false;
  program.last_heard_at.reset();
  if (clock_.now() > program.waits_since) {
    program.last_heard_at = program.heard_at = clock_.now();
  }
  co_return true;
}

template <typename S>
asio::awaitable<bool> StreamPrograms::read_somehow(ProgramOf<S>& program, std::vector<Item>& got) {
  S& stream = *program.stream;
  const std::uint64_t manner = program.dice.below(10);
  if (manner == 0) co_return co_await stream.read_batch(got, program.dice.between(1, 20));
  got.resize(1);
  Item& first = got.front();
  if (manner < 3 && stream.try_read(first)) co_return true;
  if (manner == 3) co_return co_await ways_.read_by_callback(stream, first);
  if (manner == 4) co_return co_await ways_.read_with_cancels(stream, first, program.dice);
  co_return co_await stream.read(first);
}

template <typename S>
asio::awaitable<void> StreamPrograms::read_all(Ptr<ProgramOf<S>> program) {
  std::vector<Item> got;
  std::int64_t read_so_far = 0;
  for (;;) {
    co_await pause(*program, read_so_far);
    if (program->plan.caller_end == CallerEnd::kDrops &&
        read_so_far >= program->plan.caller_stops_at) {
      drop(*program);
      program->stream.reset();
      co_return;
    }
    if (!co_await read(*program, got)) break;
    for (const Item& item : got) streams_.caller_reads(program->nonce, item);
    read_so_far += static_cast<std::int64_t>(got.size());
    const Metadata initial = program->stream->initial_metadata();
    if (program->way.tells && initial.get(kNonceKey) != std::to_string(program->nonce)) {
      ledger_.violate("no initial metadata before a message: " + ledger_.describe(program->nonce));
    }
  }
  const Status end = program->stream->status();
  judge_end(*program, end);
  co_await watch_end(*program, end);
}

// --- It ends ---

void StreamPrograms::judge_end(Program& program, const Status& end) {
  const Nonce nonce = program.nonce;
  if (end.ok()) {
    ledger_.end_well(nonce, nonce);
  } else {
    ledger_.end_badly(nonce, end);
  }
  streams_.caller_ends(nonce, end);
  const bool carried = carries(program.way.carries, program.plan.kind);
  if (!carried && end.ok()) {
    ledger_.violate("a stream over a protocol without streams: " + ledger_.describe(nonce));
  }
  if (carried && end.code() == Code::kUnimplemented) {
    ledger_.violate("a stream is not known: " + ledger_.describe(nonce));
  }
  const bool lost = end.code() == Code::kDataLoss || end.code() == Code::kOutOfRange;
  if (lost && program.plan.handler_end != HandlerEnd::kForgets) {
    ledger_.violate("messages are lost: " + ledger_.describe(nonce));
  }
  judge_silence(program, end);
}

void StreamPrograms::judge_silence(const Program& program, const Status& end) {
  const std::chrono::nanoseconds silence = program.plan.message_timeout;
  const std::string no_message = "no message for " + base::duration_text(silence);
  if (silence == 0ns || end.code() != Code::kDeadlineExceeded ||
      end.message().find(no_message) == std::string_view::npos) {
    return;
  }
  const Clock::TimePoint now = clock_.now();
  if (program.heard_at && now < *program.heard_at + silence) {
    ledger_.violate("silent too early: " + ledger_.describe(program.nonce));
  }
  if (program.way.is_cluster) return;  // each attempt has its silence
  const auto quiet_since = streams_.quiet_since(program.nonce, program.last_heard_at);
  if (!quiet_since) return;
  const Clock::TimePoint due = std::max(*quiet_since + silence, program.waits_since);
  if (now > due) {
    ledger_.violate(fmt::format("hears of a silence {} too late: {}",
                                base::duration_text(now - due), ledger_.describe(program.nonce)));
  }
}

// An end stays what it was.
template <typename S>
asio::awaitable<void> StreamPrograms::watch_end(ProgramOf<S>& program, const Status& end) {
  const bool handlers = end.ok();
  if (handlers && program.nonce % 2 == 0 && program.way.tells) {
    const Metadata trailing = program.stream->trailing_metadata();
    if (trailing.get(kNonceKey) != std::to_string(program.nonce)) {
      ledger_.violate("no metadata with the end: " + ledger_.describe(program.nonce));
    }
  }
  co_await agenda_.sleep(program.dice.between(0ns, 20ms));
  Item item;
  const bool more = program.stream->try_read(item);
  const Status later = program.stream->status();
  if (more || later.code() != end.code() || later.message() != end.message()) {
    ledger_.violate(fmt::format("an end that has become {}: {}", later.to_string(),
                                ledger_.describe(program.nonce)));
  }
}

// --- It writes ---

template <typename S>
asio::awaitable<bool> StreamPrograms::write(ProgramOf<S>& program, std::int64_t position) {
  S& stream = *program.stream;
  const Item item = streams_.item(program.nonce, position);
  if (item.load.empty()) trace_.fault(Fault::kEmptyMessage, program.nonce);
  if (item.load.size() > 64 * 1024) trace_.fault(Fault::kMessageOverWindow, program.nonce);
  const std::uint64_t manner = program.dice.below(10);
  streams_.caller_writes(program.nonce);
  bool written = manner < 4 && stream.try_write(item);
  // Who is about to drop it leaves what finds no room. The first one waits for a connection.
  if (!written && program.plan.caller_end == CallerEnd::kDrops && position > 1) co_return false;
  if (!written && manner == 9) {
    written = co_await ways_.write_by_callback(stream, item);
  } else if (!written) {
    written = co_await stream.write(item);
  }
  if (!written) co_return false;
  streams_.caller_wrote(program.nonce);
  if (program.dice.percent(8)) {
    trace_.fault(Fault::kFlushedStream, program.nonce);
    co_await stream.flushed();
  }
  co_return true;
}

asio::awaitable<void> StreamPrograms::upload(
    Ptr<ProgramOf<ClientStream<Item, bank::Total>>> program) {
  const StreamPlan& plan = program->plan;
  for (std::int64_t at = 1; at <= plan.messages; ++at) {
    co_await pause(*program, at - 1);
    if (plan.caller_end == CallerEnd::kDrops && at > plan.caller_stops_at) break;
    if (!co_await write(*program, at)) break;
  }
  if (plan.caller_end == CallerEnd::kDrops) {
    drop(*program);
    program->stream.reset();
    co_return;
  }
  if (plan.caller_end == CallerEnd::kBehindAll) {
    trace_.fault(Fault::kStreamCancelled, program->nonce);
    leave(*program);
    program->stream->cancel();
  }
  co_await pause(*program, plan.messages);
  streams_.caller_half_closes(program->nonce);
  const Result<bank::Total> total = co_await program->stream->finish();
  const Nonce nonce = program->nonce;
  if (!total.ok()) {
    judge_end(*program, total.status());
    co_return;
  }
  ledger_.end_well(nonce, static_cast<Nonce>(total->nonce));
  streams_.caller_ends(nonce, *total);
}

asio::awaitable<void> StreamPrograms::write_all(Ptr<ProgramOf<BidiStream<Item, Item>>> program) {
  for (std::int64_t at = 1; at <= program->plan.messages; ++at) {
    co_await pause(*program, at - 1);
    if (!co_await write(*program, at)) break;
  }
  streams_.caller_half_closes(program->nonce);
  program->stream->end_writing();
}

asio::awaitable<void> StreamPrograms::chat(Ptr<ProgramOf<BidiStream<Item, Item>>> program) {
  if (program->plan.caller_end == CallerEnd::kDrops) {
    // With messages queued in both directions.
    for (std::int64_t at = 1; at <= program->plan.caller_stops_at; ++at) {
      if (!co_await write(*program, at)) break;
    }
    co_await pause(*program, 0);
    drop(*program);
    program->stream.reset();
    co_return;
  }
  const Nonce nonce = program->nonce;
  asio::co_spawn(io_, write_all(program), [this, nonce](std::exception_ptr thrown) {
    if (thrown) ledger_.violate("a program throws: " + ledger_.describe(nonce));
  });
  co_await read_all(program);
}

}  // namespace tern::sim
