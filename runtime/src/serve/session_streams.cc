#include "serve/session_streams.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/duration_text.h"
#include "serve/server_core.h"
#include "serve/session.h"
#include "serve/session_call.h"
#include "stream/make_stream.h"
#include "tern/codegen/type_ops_of.h"

namespace tern::serve {

namespace {

// What has come can lead to messages that can leave at once, and no further: the next turn is the
// others'.
constexpr int kPasses = 2;

std::uint64_t budget(const Limits& limits) noexcept {
  return std::max(limits.stream_bytes, limits.message_bytes);
}

std::chrono::nanoseconds idle_timeout(const Method& method, const ServerOptions& options) noexcept {
  return method.message_timeout.count() > 0 ? method.message_timeout : options.stream_idle_timeout;
}

std::string_view kind_name(MethodKind kind) noexcept {
  switch (kind) {
    case MethodKind::kServerStream:
      return "server stream";
    case MethodKind::kClientStream:
      return "client stream";
    case MethodKind::kBidiStream:
      return "bidi stream";
    case MethodKind::kUnary:
      break;
  }
  return "unary";
}

std::string_view waits_for_name(stream::Stream::WaitsFor what) noexcept {
  using WaitsFor = stream::Stream::WaitsFor;
  switch (what) {
    case WaitsFor::kReader:
      return "the handler to read";
    case WaitsFor::kWriter:
      return "the handler to write";
    case WaitsFor::kCredit:
      return "credit of the client";
    case WaitsFor::kBudget:
      return "room in Limits::stream_bytes";
    case WaitsFor::kNothing:
      break;
  }
  return "";
}

}  // namespace

SessionStreams::SessionStreams(Session& session)
    : session_(session),
      streams_(*this, budget(session.core().options().limits)),
      idle_timer_([this] { on_idle_timer(); }) {}

SessionStreams::~SessionStreams() = default;

void SessionStreams::open(SessionCall& call) {
  wire::ServerProtocol& protocol = session_.protocol();
  const ServerOptions& options = session_.core().options();
  const std::uint64_t id = call.id();
  std::shared_ptr<stream::Stream> stream =
      stream::make_stream(session_.loop(), call.method(), options.limits, stream::Role::kHandler);
  Entry entry;
  entry.stream = stream;
  entry.route = &call.route();
  entry.call = &call;
  entry.arrived = entry.last_message = call.arrived();
  entry.idle_timeout = idle_timeout(call.method(), options);
  call.set_stream(stream);
  const Clock::TimePoint due = saturating_add(entry.last_message, entry.idle_timeout);
  const bool watched = entry.idle_timeout.count() > 0;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    entries_.emplace(id, std::move(entry));
  }
  session_.serve_loop().counters().streams.add();
  try {
    streams_.add(std::move(stream), id, protocol.message_codec(), protocol.stream_window(),
                 protocol.has_credit() ? stream::Flow::kCredit : stream::Flow::kReading);
    if (watched) watch(due);
  } catch (...) {
    forget(id, Status(Code::kResourceExhausted, "no memory for one more stream"));
    throw;
  }
  call.retain();
  taken_.add();
}

SessionStreams::Entry* SessionStreams::find(std::uint64_t id) noexcept {
  if (last_found_ && last_found_->stream->id() == id) return last_found_;
  auto at = entries_.find(id);
  if (at == entries_.end()) return nullptr;
  return last_found_ = &at->second;
}

// --- What has come ---

bool SessionStreams::receive(const wire::Frame& frame) {
  Entry* entry = find(frame.id);
  if (!entry) return false;
  stream::Stream& stream = *entry->stream;
  Counters& counters = session_.serve_loop().counters();
  if (!frame.refused.ok()) {
    counters.refuse(refusal_of(frame.limit));
    give_up(*entry, frame.refused.with_handler_ran(HandlerRan::kYes));
    return true;
  }
  Status failure;
  if (frame.kind == wire::FrameKind::kReplyCredit) {
    failure = streams_.on_credit(stream, frame.credit);
  } else {
    if (wire::is_message(frame)) {
      const Route& route = *entry->route;
      note_message(*entry);
      failure = streams_.on_data(stream, frame);
      if (failure.ok() && !frame.continues) counters.methods[route.index].messages_in.add();
      if (find(frame.id) != entry) return true;  // an interceptor has ended it
    }
    if (failure.ok() && frame.ends_side) failure = streams_.on_half_close(stream);
  }
  if (!failure.ok()) {
    counters.refuse(failure.code() == Code::kResourceExhausted ? Refusal::kMessageTooLarge
                                                               : Refusal::kUnexpectedFrame);
    give_up(*entry, failure.with_handler_ran(HandlerRan::kYes));
  }
  return true;
}

bool SessionStreams::cancel(std::uint64_t id) {
  Entry* entry = find(id);
  if (!entry) return false;
  abandon(*entry, Status(Code::kCancelled, "the caller has cancelled the call"));
  return true;
}

// --- The end ---

void SessionStreams::abandon(Entry& entry, const Status& why) {
  if (entry.call) {
    entry.call->abandon(why);
  } else {
    end_alone(entry, why);
  }
}

void SessionStreams::give_up(Entry& entry, const Status& why) {
  if (entry.call) {
    entry.call->give_up(why);
    return;
  }
  wire::ReplyHead head;
  head.id = entry.stream->id();
  head.method = entry.route->method;
  net::Outbox& outbox = session_.outbox();
  Buffer& out = outbox.messages();
  const std::size_t start = out.size();
  try {
    session_.protocol().write_error(head, why, out);
    outbox.end_message(head.id, start);
  } catch (...) {
    out.truncate(start);
    end_alone(entry, why);
    session_.write_failed();
    return;
  }
  end_alone(entry, why);
  session_.wrote();
}

void SessionStreams::abandon_all(const Status& why) {
  while (!entries_.empty()) abandon(entries_.begin()->second, why);
}

void SessionStreams::give_up_all(const Status& why) {
  while (!entries_.empty()) give_up(entries_.begin()->second, why);
}

void SessionStreams::end_alone(Entry& entry, const Status& outcome) noexcept {
  session_.serve_loop().counters().methods[entry.route->index].finish(
      session_.last_time() - entry.arrived, outcome.code());
  forget(entry.stream->id(), outcome);
  taken_.subtract();
  session_.stream_ended();
}

void SessionStreams::forget(std::uint64_t id, const Status& outcome) noexcept {
  if (stream::Stream* stream = streams_.find(id)) {
    streams_.end(*stream, outcome, Metadata(), stream::Stream::Unread::kDropped);
  }
  session_.serve_loop().counters().streams.subtract();
  last_found_ = nullptr;
  std::lock_guard<std::mutex> lock(mutex_);
  entries_.erase(id);
}

void SessionStreams::set_end(const SessionCall& call) {
  streams_.set_end(*find(call.id())->stream);
}

void SessionStreams::end(const SessionCall& call, const Status& outcome) noexcept {
  forget(call.id(), outcome);
}

void SessionStreams::let_go(const SessionCall& call) noexcept {
  Entry* entry = find(call.id());
  std::lock_guard<std::mutex> lock(mutex_);
  entry->call = nullptr;
}

void SessionStreams::add_waiting_for_drain(std::vector<SessionCall*>& calls) {
  for (auto& [id, entry] : entries_) {
    if (!entry.call || !entry.call->waits_for_drain()) continue;
    calls.push_back(entry.call);
    entry.call->retain();
  }
}

// --- What the streams want ---

void SessionStreams::on_streams_work() {
  work_ = true;
  if (!processing_) session_.on_streams_work();
}

void SessionStreams::process() {
  if (!work_) return;
  processing_ = true;
  try {
    for (int pass = 0; pass < kPasses && work_; ++pass) {
      work_ = false;
      streams_.process();
    }
  } catch (...) {
    processing_ = false;
    throw;
  }
  processing_ = false;
  if (work_) session_.on_streams_work();
}

void SessionStreams::write_piece(const wire::StreamPiece& piece, Buffer& out) {
  Entry& entry = *find(piece.id);
  if (entry.call) entry.call->write_initial_metadata(out);
  session_.protocol().write_stream_data(piece, out);
  if (!piece.continues) {
    session_.serve_loop().counters().methods[entry.route->index].messages_out.add();
  }
  note_message(entry);
}

void SessionStreams::write_end(stream::Stream& stream, ByteView end, Buffer& out) {
  session_.protocol().write_stream_end(stream.id(), end, out);
}

void SessionStreams::write_credit(std::uint64_t id, std::uint64_t bytes) {
  session_.protocol().write_credit(id, bytes, session_.outbox().control());
  session_.wrote();
}

// The only pings that a server sends: each pong ends the probe.
bool SessionStreams::send_probe() {
  if (!session_.protocol().write_ping(0, session_.outbox().control())) return false;
  session_.wrote();
  return true;
}

void SessionStreams::on_stream_given_up(stream::Stream& stream, const Status& why) {
  give_up(*find(stream.id()), why);
}

void SessionStreams::on_stream_finished(stream::Stream& stream, const Status& outcome) {
  Entry& entry = *find(stream.id());
  Nothing nothing;
  if (entry.call) {
    if (outcome.ok()) {
      entry.call->send_reply(type_ops<Nothing>(), &nothing);
    } else {
      entry.call->send_error(outcome);
    }
    return;
  }
  wire::ReplyHead head;
  head.id = stream.id();
  head.method = entry.route->method;
  head.ends_stream = true;
  entry.outcome = outcome.code();
  Buffer& out = stream.begin_end();
  Status failure = outcome;
  if (failure.ok()) {
    failure = session_.protocol().write_reply(head, type_ops<Nothing>(), &nothing, out);
    if (failure.ok()) {
      streams_.set_end(stream);
      return;
    }
    entry.outcome = failure.code();
  }
  session_.protocol().write_error(head, failure.with_handler_ran(HandlerRan::kYes), out);
  streams_.set_end(stream);
}

void SessionStreams::on_stream_sent(stream::Stream& stream) {
  Entry& entry = *find(stream.id());
  if (entry.call) {
    entry.call->sent();
  } else {
    end_alone(entry, entry.outcome == Code::kOk
                         ? Status()
                         : Status(entry.outcome, "the handler ended the stream"));
  }
}

// --- Silence ---

void SessionStreams::note_message(Entry& entry) noexcept {
  if (entry.idle_timeout.count() > 0) entry.last_message = session_.read_clock();
}

void SessionStreams::watch(Clock::TimePoint due) {
  if (idle_timer_.waiting() && idle_timer_.due() <= due) return;
  session_.loop().start_timer(idle_timer_, due);
}

// It may be early, since messages do not move it.
void SessionStreams::on_idle_timer() {
  const Clock::TimePoint now = session_.read_clock();
  Clock::TimePoint next = Clock::TimePoint::max();
  std::vector<std::uint64_t> silent;
  for (const auto& [id, entry] : entries_) {
    if (entry.idle_timeout.count() == 0) continue;
    const Clock::TimePoint due = saturating_add(entry.last_message, entry.idle_timeout);
    if (due > now) {
      next = std::min(next, due);
    } else {
      silent.push_back(id);
    }
  }
  for (std::uint64_t id : silent) {
    Entry* entry = find(id);
    if (!entry) continue;
    give_up(*entry,
            Status(Code::kDeadlineExceeded,
                   fmt::format("no message for {}", base::duration_text(entry->idle_timeout)),
                   HandlerRan::kYes));
  }
  if (next != Clock::TimePoint::max()) watch(next);
}

// --- For people ---

std::size_t SessionStreams::describe(Clock::TimePoint now, std::size_t most,
                                     std::vector<debug_pages::StreamSnapshot>& seen) const {
  std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& [id, entry] : entries_) {
    if (seen.size() == most) break;
    debug_pages::StreamSnapshot& one = seen.emplace_back();
    one.service = entry.route->method->service;
    one.method = entry.route->method->name;
    one.kind = kind_name(entry.route->method->kind);
    one.open_for = std::max(now - entry.arrived, Clock::Duration::zero());
    const stream::Stream::Counts counts = entry.stream->counts();
    one.messages_in = counts.messages_in;
    one.messages_out = counts.messages_out;
    one.bytes_in = counts.bytes_in;
    one.bytes_out = counts.bytes_out;
    one.waits_for = waits_for_name(entry.stream->waits_for());
  }
  return entries_.size();
}

}  // namespace tern::serve
