#include "serve/session_streams.h"

#include <algorithm>
#include <utility>

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

}  // namespace

SessionStreams::SessionStreams(Session& session)
    : session_(session),
      streams_(*this, session.loop(), budget(session.core().options().limits), &mutex_),
      silent_(session, *this, streams_),
      heartbeats_(session, streams_) {}

SessionStreams::~SessionStreams() = default;

void SessionStreams::open(SessionCall& call) {
  wire::ServerProtocol& protocol = session_.protocol();
  const ServerOptions& options = session_.core().options();
  const std::uint64_t id = call.id();
  stream::StreamSetup setup =
      stream::setup_of(call.method(), options.limits, stream::Role::kHandler);
  setup.unreadable = protocol.unreadable(id);
  auto stream = std::make_shared<ServedStream>(session_.loop().shared_from_this(), setup,
                                               call.route(), call.arrived());
  stream->set_call(&call);
  const std::chrono::nanoseconds silence = idle_timeout(call.method(), options);
  stream->set_message_timeout(silence);
  stream->set_first_window(protocol.own_window());
  stream->keep_codec(protocol.codec_owner());
  call.set_stream(stream);
  session_.serve_loop().counters().streams.add();
  try {
    streams_.add(std::move(stream), id, protocol.message_codec(), protocol.stream_window(),
                 {protocol.has_credit() ? stream::Flow::By::kCredit : stream::Flow::By::kReading,
                  protocol.message_cost(), protocol.message_envelope()});
    if (silence.count() > 0) silent_.watch(saturating_add(call.arrived(), silence));
    heartbeats_.begin(id);
  } catch (...) {
    forget(id, Status::without_memory(Code::kResourceExhausted, HandlerRan::kNo));
    throw;
  }
  call.retain();
  taken_.add();
}

// --- What has come ---

bool SessionStreams::receive(const wire::Frame& frame) {
  ServedStream* found = find(frame.id);
  if (!found) return false;
  ServedStream& stream = *found;
  Counters& counters = session_.serve_loop().counters();
  if (!frame.refused.ok()) {
    counters.refuse(refusal_of(frame.limit));
    give_up(stream, frame.refused.with_handler_ran(HandlerRan::kYes));
    return true;
  }
  Status failure;
  if (frame.kind == wire::FrameKind::kReplyCredit) {
    failure = streams_.on_credit(stream, frame.credit);
  } else {
    if (wire::is_message(frame)) {
      const Route& route = stream.route();
      failure = streams_.on_data(stream, frame);
      if (failure.ok() && !frame.continues) counters.methods[route.index].messages_in.add();
      if (find(frame.id) != found) return true;  // an interceptor has ended it
    }
    if (failure.ok() && frame.ends_side) failure = streams_.on_half_close(stream);
  }
  if (!failure.ok()) {
    counters.refuse(failure.code() == Code::kResourceExhausted ? Refusal::kMessageTooLarge
                                                               : Refusal::kUnexpectedFrame);
    give_up(stream, failure.with_handler_ran(HandlerRan::kYes));
  }
  return true;
}

bool SessionStreams::cancel(std::uint64_t id) {
  ServedStream* stream = find(id);
  if (!stream) return false;
  abandon(*stream, Status(Code::kCancelled, "the caller has cancelled the call"));
  return true;
}

// --- The end ---

void SessionStreams::abandon(ServedStream& stream, const Status& why) {
  if (stream.call()) {
    stream.call()->abandon(why);
  } else {
    end_alone(stream, why);
  }
}

void SessionStreams::give_up(ServedStream& stream, const Status& why) {
  if (stream.call()) {
    stream.call()->give_up(why);
    return;
  }
  wire::ReplyHead head;
  head.id = stream.id();
  head.method = stream.route().method;
  net::Outbox& outbox = session_.outbox();
  Buffer& out = outbox.messages();
  const std::size_t start = out.size();
  try {
    session_.protocol().write_error(head, why, out);
    outbox.end_message(head.id, start);
  } catch (...) {
    out.truncate(start);
    end_alone(stream, why);
    session_.write_failed();
    return;
  }
  end_alone(stream, why);
  session_.wrote();
}

void SessionStreams::give_up(std::uint64_t id, const Status& why) {
  if (ServedStream* stream = find(id)) give_up(*stream, why);
}

void SessionStreams::abandon_all(const Status& why) {
  while (!empty()) abandon(static_cast<ServedStream&>(*streams_.first()), why);
}

void SessionStreams::give_up_all(const Status& why) {
  while (!empty()) give_up(static_cast<ServedStream&>(*streams_.first()), why);
}

void SessionStreams::end_alone(ServedStream& stream, const Status& outcome) noexcept {
  session_.serve_loop().counters().methods[stream.route().index].finish(
      session_.last_time() - stream.arrived(), outcome.code());
  forget(stream.id(), outcome);
  taken_.subtract();
  session_.stream_ended();
}

void SessionStreams::forget(std::uint64_t id, const Status& outcome) noexcept {
  // It is not there if there was no memory for it.
  if (stream::Stream* stream = streams_.find(id)) {
    streams_.end(*stream, outcome, Metadata(), stream::Stream::Unread::kDropped);
  }
  session_.serve_loop().counters().streams.subtract();
  if (empty()) heartbeats_.end();
}

void SessionStreams::set_end(const SessionCall& call) {
  streams_.set_end(*find(call.id()));
}

void SessionStreams::end(const SessionCall& call, const Status& outcome) noexcept {
  forget(call.id(), outcome);
}

void SessionStreams::let_go(const SessionCall& call) noexcept {
  find(call.id())->set_call(nullptr);
}

void SessionStreams::add_waiting_for_drain(std::vector<SessionCall*>& calls) {
  streams_.for_each([&calls](const stream::Stream& each) {
    SessionCall* call = static_cast<const ServedStream&>(each).call();
    if (!call || !call->waits_for_drain()) return;
    calls.push_back(call);
    call->retain();
  });
}

// --- What the streams want ---

void SessionStreams::on_streams_work() noexcept {
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
  const ServedStream& stream = *find(piece.id);
  if (stream.call()) stream.call()->write_initial_metadata(out);
  session_.protocol().write_stream_data(piece, out);
  if (!piece.continues) {
    session_.serve_loop().counters().methods[stream.route().index].messages_out.add();
  }
  heartbeats_.note_written();
}

bool SessionStreams::can_take() const noexcept {
  return streams_.can_send() && session_.protocol().takes_stream_data();
}

void SessionStreams::take(Buffer& out) {
  streams_.take(out);
  session_.protocol().end_stream_data(out);
}

void SessionStreams::write_end(stream::Stream& stream, ByteView end, Buffer& out) {
  session_.protocol().write_stream_end(stream.id(), end, out);
}

void SessionStreams::write_credit(std::uint64_t id, std::uint64_t bytes) {
  session_.protocol().write_credit(id, bytes, session_.urgent());
  session_.wrote();
}

// The only pings that a server sends: each pong ends the probe.
bool SessionStreams::send_probe() {
  if (!session_.protocol().write_ping(0, session_.urgent())) return false;
  session_.wrote();
  return true;
}

void SessionStreams::on_stream_given_up(stream::Stream& stream, const Status& why) {
  give_up(static_cast<ServedStream&>(stream), why);
}

void SessionStreams::on_stream_finished(stream::Stream& finished, const Status& outcome) {
  auto& stream = static_cast<ServedStream&>(finished);
  Nothing nothing;
  if (SessionCall* call = stream.call()) {
    if (outcome.ok()) {
      call->send_reply(type_ops<Nothing>(), &nothing);
    } else {
      call->send_error(outcome);
    }
    return;
  }
  wire::ReplyHead head;
  head.id = stream.id();
  head.method = stream.route().method;
  head.ends_stream = true;
  stream.set_outcome(outcome.code());
  Buffer& out = stream.begin_end();
  Status failure = outcome;
  if (failure.ok()) {
    failure = session_.protocol().write_reply(head, type_ops<Nothing>(), &nothing, out);
    if (failure.ok()) {
      streams_.set_end(stream);
      return;
    }
    stream.set_outcome(failure.code());
  }
  session_.protocol().write_error(head, failure.with_handler_ran(HandlerRan::kYes), out);
  streams_.set_end(stream);
}

void SessionStreams::on_stream_sent(stream::Stream& sent) {
  auto& stream = static_cast<ServedStream&>(sent);
  if (stream.call()) {
    stream.call()->sent();
    return;
  }
  const Code outcome = stream.outcome();
  end_alone(stream,
            outcome == Code::kOk ? Status() : Status(outcome, "the handler ended the stream"));
}

// --- For people ---

std::size_t SessionStreams::describe(Clock::TimePoint now, std::size_t most,
                                     std::vector<debug_pages::StreamSnapshot>& seen) const {
  std::lock_guard<std::mutex> lock(mutex_);
  streams_.for_each([&](const stream::Stream& each) {
    if (seen.size() < most) seen.push_back(static_cast<const ServedStream&>(each).describe(now));
  });
  return streams_.size();
}

}  // namespace tern::serve
