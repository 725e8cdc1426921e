#include "call/client_session.h"

#include <fmt/format.h>

#include <cassert>
#include <new>
#include <utility>
#include <vector>

#include "base/duration_text.h"
#include "call/failure_text.h"
#include "call/read_outcome.h"

namespace tern::call {

namespace {

// Made before it is needed: the connection is to end also where there is no memory.
const Status kGivenUp(Code::kUnavailable,
                      "a stream was given up, and its protocol has no word for that but the end of "
                      "the connection",
                      HandlerRan::kUnknown);

net::ConnectionOptions connection_options(const ClientOptions& options) {
  net::ConnectionOptions made;
  made.write_timeout = options.write_timeout;
  return made;
}

// A protocol that has no pings has no keepalive.
Clock::Duration keepalive_interval(const ClientOptions& options,
                                   const wire::ClientProtocol& protocol) {
  return protocol.has_pings() ? options.keepalive_interval : Clock::Duration::zero();
}

}  // namespace

ClientSession::ClientSession(const ClientSessionSetup& setup, wire::ClientPreface preface,
                             std::unique_ptr<ByteStream> stream, Serve serve)
    : setup_(setup),
      connection_(std::make_shared<net::Connection>(setup.loop, std::move(stream), *this,
                                                    connection_options(setup.options))),
      handshake_(preface, setup.options.limits.option_bytes),
      serve_(std::move(serve)),
      keepalive_(setup.loop, keepalive_interval(setup.options, *preface.protocol),
                 setup.options.keepalive_timeout, [this] { on_quiet(); }),
      gathering_(setup.options.gather_replies),
      reading_(*preface.protocol),
      native_(preface.native != nullptr),
      queue_(setup.mutex, setup.loop, setup.options, setup.address, std::move(preface),
             [this](std::uint64_t id) { give_up(id, Code::kDeadlineExceeded); }),
      streams_(setup.loop, reading_, setup.options.limits, *this) {}

ClientSession::~ClientSession() = default;

void ClientSession::enter(Phase next) noexcept {
  assert(next > phase_);
  phase_ = next;
}

void ClientSession::start() {
  // A callback of a call that could not be sent may have closed the client.
  if (!open()) return;
  std::shared_ptr<void> alive = setup_.user.keep_alive();
  started_ = setup_.loop.now();
  connection_->start();
  // Protocols without a handshake are ready as soon as there is a connection: what has waited for
  // that goes with the rest.
  if (handshake_.done() && open()) setup_.user.on_ready(*this);
  flush();
}

void ClientSession::flush() {
  connection_->flush();
  if (!open()) return;
  bool waiting = false;
  {
    base::MutexLock lock(setup_.mutex);
    RequestQueue& queue = queue_.with(lock);
    queue.start_deadlines();
    waiting = queue.pending() > 0;
  }
  if (waiting) listen();
}

void ClientSession::take_outgoing(Buffer& out) {
  if (handshake_.phase() == ClientHandshake::Phase::kHttpConnect) {
    out.append(handshake_.take_http_connect());
    return;
  }
  bool waiting = false;
  {
    base::MutexLock lock(setup_.mutex);
    RequestQueue& queue = queue_.with(lock);
    waiting =
        queue.has_more() || !streams_.empty() ? take_part(queue, out) : queue.take_outgoing(out);
  }
  if (waiting) listen();
}

void ClientSession::on_write_blocked() {
  base::MutexLock lock(setup_.mutex);
  queue_.with(lock).set_stuck(connection_->unsent());
}

void ClientSession::on_drained() {
  base::MutexLock lock(setup_.mutex);
  queue_.with(lock).set_stuck(0);
}

net::ConnectionUser::Consumed ClientSession::on_bytes(ByteView bytes) {
  std::shared_ptr<void> alive = setup_.user.keep_alive();
  keepalive_.heard(traffic());
  Consumed consumed;
  if (!handshake_.done()) {
    consumed.bytes = read_handshake(bytes);
    if (!handshake_.done()) return consumed;
  }
  wire::Frame frame;
  Status why;
  while (open()) {
    wire::ClientProtocol::Progress progress =
        reading_.next(bytes.subspan(consumed.bytes), frame, why);
    consumed.bytes += progress.consumed;
    if (progress.step == wire::ClientProtocol::Step::kMore) {
      consumed.wanted = progress.wanted;
      break;
    }
    if (progress.step == wire::ClientProtocol::Step::kFrame) on_frame(frame);
    if (streams_.over_window()) {
      connection_->pause_reading();
      break;
    }
    if (progress.step == wire::ClientProtocol::Step::kBroken) close_unreadable(why);
  }
  if (work_ == Work::kInTurn) process_streams();
  // What is left of `bytes` is for another turn.
  if (connection_->paused() && !streams_.over_window() && work_ == Work::kNone) post_streams_work();
  if (gathering_.on() && open()) gather_replies(consumed.bytes);
  close_if_drained();
  if (phase_ >= Phase::kDraining && open() && reading_.finished()) {
    end(Status(Code::kUnavailable, "the server has closed the connection behind another answer",
               HandlerRan::kUnknown));
  }
  return consumed;
}

// Once CONNECT is answered, the turn ends with sending what has waited for that.
std::size_t ClientSession::read_handshake(ByteView bytes) {
  const std::size_t taken = handshake_.read(bytes);
  if (!handshake_.failure().ok()) {
    end(handshake_.failure());
  } else if (handshake_.done()) {
    // Nothing is in front of the answer: no round trip is shorter.
    streams_.note_round_trip(setup_.loop.now() - started_);
    {
      base::MutexLock lock(setup_.mutex);
      queue_.with(lock).take_limits(handshake_.answer());
    }
    if (Serve serve = std::move(serve_)) {
      wire::PeerTerms terms = handshake_.answer().terms();
      terms.own_window = setup_.options.limits.stream_window;
      if (Status failure = serve(terms); !failure.ok()) {
        end(failure);
        return taken;
      }
    }
    setup_.user.on_ready(*this);
  }
  return taken;
}

void ClientSession::gather_replies(std::size_t bytes) {
  ReplyGathering::Turn turn;
  turn.now = setup_.loop.now();
  turn.replies = std::exchange(answers_, 0);
  turn.bytes = bytes;
  {
    base::MutexLock lock(setup_.mutex);
    turn.younger = queue_.with(lock).sent_after(last_answered_);
  }
  connection_->gather(gathering_.after(turn), gathering_.limit());
}

void ClientSession::on_frame(const wire::Frame& frame) {
  switch (frame.kind) {
    case wire::FrameKind::kReply:
    case wire::FrameKind::kError:
      on_answer(frame);
      return;
    case wire::FrameKind::kPing: {
      base::MutexLock lock(setup_.mutex);
      queue_.with(lock).write_pong(frame.id);
      return;
    }
    case wire::FrameKind::kPong:
      pings_.answered(frame.id);
      return;
    case wire::FrameKind::kReplyData: {
      base::MutexLock lock(setup_.mutex);
      if (!queue_.with(lock).has(frame.id)) reading_.drop_reply(frame.id);
      return;
    }
    case wire::FrameKind::kReplyStreamData:
    case wire::FrameKind::kRequestCredit:
      on_stream_frame(frame);
      return;
    case wire::FrameKind::kGoingAway:
      if (phase_ == Phase::kOpen) enter(Phase::kDraining);
      setup_.user.on_going_away(*this);
      return;
    case wire::FrameKind::kRequest:
    case wire::FrameKind::kCancel:
    case wire::FrameKind::kRequestStreamData:
    case wire::FrameKind::kReplyCredit:
    case wire::FrameKind::kRequestData:
    case wire::FrameKind::kPage:
      break;
  }
  close_unreadable(Status(
      Code::kUnavailable,
      fmt::format("frame: kind {} came; a server sends replies, errors, data, credit, pings, pongs "
                  "and going-away",
                  static_cast<int>(frame.kind))));
}

// Whatever it is to the codec, to the calls the server is not there any more.
void ClientSession::close_unreadable(const Status& why) {
  end(Status(Code::kUnavailable,
             fmt::format("what the server sends cannot be read: {}", why.message()),
             HandlerRan::kUnknown));
}

void ClientSession::on_answer(const wire::Frame& frame) {
  ++answers_;
  PendingCalls::Call taken;
  {
    base::MutexLock lock(setup_.mutex);
    if (!queue_.with(lock).take_answered(frame.id, taken)) return;
  }
  last_answered_ = taken.place;
  if (taken.started.call->stream()) {
    on_stream_answer(frame, taken);
    return;
  }
  const AnswerSource source{reading_, native_, setup_.address};
  taken.started.finish(read_outcome(source, frame, taken.started));
}

// --- The end of a call ---

bool ClientSession::give_up(std::uint64_t id, Code code) {
  std::shared_ptr<void> alive = setup_.user.keep_alive();
  PendingCalls::Call taken;
  {
    base::MutexLock lock(setup_.mutex);
    if (!queue_.with(lock).take(id, taken)) return false;
  }
  Status why;
  try {
    const StartedCall& call = taken.started;
    std::string what = code == Code::kDeadlineExceeded
                           ? fmt::format("no reply within {}", base::duration_text(call.timeout))
                           : "cancelled by the caller";
    why = Status(code, failure_text(*call.method, setup_.address, what), HandlerRan::kUnknown);
  } catch (const std::bad_alloc&) {
    // The call ends all the same, with fewer words.
    why = Status::without_memory(code, HandlerRan::kUnknown);
  }
  end_early(
      id, taken, std::move(why),
      code == Code::kCancelled ? stream::Stream::Unread::kDropped : stream::Stream::Unread::kKept);
  return true;
}

// Ends a call that was taken out of the queue, and tells the server, if it has heard of it.
void ClientSession::end_early(std::uint64_t id, PendingCalls::Call& taken, Status why,
                              stream::Stream::Unread unread) {
  reading_.drop_reply(id);
  const bool is_stream = taken.started.call->stream() != nullptr;
  // First, so that no data follows the cancel.
  if (is_stream) streams_.end(id, why, Metadata(), unread);
  bool told = true;
  try {
    {
      base::MutexLock lock(setup_.mutex);
      RequestQueue& queue = queue_.with(lock);
      if (is_stream) queue.stream_ended();
      if (queue.write_cancel(id) == HandlerRan::kNo) why = why.with_handler_ran(HandlerRan::kNo);
    }
    connection_->flush();
  } catch (const std::bad_alloc&) {
    // The server learns of it by its own deadline. A stream may have none.
    told = false;
  }
  // First, so that what the caller starts when it hears of the end has another connection.
  if (is_stream && reading_.cancel_ends_connection(id)) leave();
  taken.started.finish(std::move(why));
  if (is_stream && !told && open()) {
    end(Status::without_memory(Code::kUnavailable, HandlerRan::kUnknown));
    return;
  }
  close_if_drained();
}

// The calls before the stream have their answers first. Behind it there are none.
void ClientSession::leave() noexcept {
  if (!open() || phase_ == Phase::kLeaving) return;
  enter(Phase::kLeaving);
  try {
    setup_.user.on_leaving(*this);
  } catch (const std::bad_alloc&) {
    // Until the connection has ended, its protocol refuses calls.
  }
}

void ClientSession::close_if_drained() {
  if (phase_ < Phase::kDraining || !open()) return;
  {
    base::MutexLock lock(setup_.mutex);
    if (queue_.with(lock).pending() > 0) return;
  }
  if (phase_ == Phase::kLeaving) {
    end(kGivenUp);
    return;
  }
  enter(Phase::kClosing);
  connection_->close_after_flush(
      Status(Code::kUnavailable, "the server is going away", HandlerRan::kNo));
}

void ClientSession::close(const Status& why) {
  std::shared_ptr<void> alive = setup_.user.keep_alive();
  // In a turn the connection ends with the turn, but the calls end here.
  if (connection_->in_turn()) {
    if (phase_ < Phase::kClosing) enter(Phase::kClosing);
    fail_calls(why);
  }
  end(why);
}

void ClientSession::end(const Status& why) {
  if (phase_ < Phase::kClosing) enter(Phase::kClosing);
  connection_->close(why);
}

void ClientSession::on_closed(const Status& why) {
  std::shared_ptr<void> alive = setup_.user.keep_alive();
  enter(Phase::kClosed);
  keepalive_.end();
  setup_.user.on_lost(*this, why);
  fail_calls(why);
  pings_.fail(why.with_handler_ran(HandlerRan::kNo));
}

void ClientSession::ping(UniqueFunction<void(Status)> done) {
  std::shared_ptr<void> alive = setup_.user.keep_alive();
  if (!open()) {
    done(Status(Code::kUnavailable, fmt::format("{}: not connected", setup_.address),
                HandlerRan::kNo));
    return;
  }
  if (!reading_.has_pings()) {
    done(Status());
    return;
  }
  const std::uint64_t number = pings_.ask(std::move(done));
  {
    base::MutexLock lock(setup_.mutex);
    queue_.with(lock).write_ping(number);
  }
  connection_->flush();
}

void ClientSession::fail_calls(const Status& why) {
  std::vector<PendingCalls::Call> lost;
  {
    base::MutexLock lock(setup_.mutex);
    lost = queue_.with(lock).take_all();
  }
  const bool refused = handshake_.phase() == ClientHandshake::Phase::kRefused;
  for (PendingCalls::Call& call : lost) {
    // A request cannot have been understood before the byte at which its server can act.
    const bool sent = call.request_end <= connection_->bytes_written();
    StartedCall& started = call.started;
    Status outcome = lost_call(*started.method, setup_.address, why, sent, refused);
    if (started.call->stream()) {
      const auto& stream = static_cast<const stream::Stream&>(*started.call->stream());
      streams_.end(stream.id(), outcome, Metadata(), stream::Stream::Unread::kKept);
    }
    started.finish(std::move(outcome));
  }
}

Keepalive::Traffic ClientSession::traffic() const noexcept {
  return {connection_->bytes_read(), connection_->bytes_written(), connection_->shared_traffic()};
}

// A call waits: from now on silence is noticed.
void ClientSession::listen() {
  if (open()) keepalive_.listen(traffic());
}

void ClientSession::on_quiet() {
  std::shared_ptr<void> alive = setup_.user.keep_alive();
  {
    base::MutexLock lock(setup_.mutex);
    RequestQueue& queue = queue_.with(lock);
    if (queue.pending() == 0) {
      queue.release_memory();
      keepalive_.stop_listening();
      return;
    }
  }
  switch (keepalive_.next(traffic())) {
    case Keepalive::Step::kListen:
      return;
    case Keepalive::Step::kPing: {
      base::MutexLock lock(setup_.mutex);
      keepalive_.set_asked(queue_.with(lock).write_ping(pings_.next()));
      break;
    }
    case Keepalive::Step::kGiveUp: {
      const ClientOptions& options = setup_.options;
      end(Status(
          Code::kUnavailable,
          fmt::format("nothing received for {}, and no answer to a ping",
                      base::duration_text(options.keepalive_interval + options.keepalive_timeout)),
          HandlerRan::kUnknown));
      return;
    }
  }
  connection_->flush();
}

}  // namespace tern::call
