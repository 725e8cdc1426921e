#include "call/client_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/duration_text.h"
#include "call/failure_text.h"
#include "call/read_outcome.h"
#include "wire/native/client.h"

namespace tern::call {

namespace {

// Memory for requests that a connection keeps while it is in use.
constexpr std::size_t kKeptBytes = 8 * 1024 * 1024;

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

ClientSession::ClientSession(const ClientSessionSetup& setup, wire::ClientPreface opening,
                             std::unique_ptr<ByteStream> stream)
    : setup_(setup),
      connection_(std::make_shared<net::Connection>(setup.loop, std::move(stream), *this,
                                                    connection_options(setup.options))),
      handshake_(opening, setup.options.limits.option_bytes),
      keepalive_(setup.loop, keepalive_interval(setup.options, *opening.protocol),
                 setup.options.keepalive_timeout, [this] { on_quiet(); }),
      gathering_(setup.options.gather_replies),
      protocol_(std::move(opening.protocol)),
      native_(opening.native),
      pending_(setup.loop, [this](std::uint64_t id) { on_deadline(id); }),
      taken_(opening.connect.size()),
      max_calls_(setup.options.limits.calls_in_flight) {
  outgoing_.append(opening.option);
}

ClientSession::~ClientSession() = default;

void ClientSession::enter(Phase next) noexcept {
  assert(next > phase_);
  phase_ = next;
}

Status ClientSession::send(std::uint64_t id, StartedCall& call, const void* argument,
                           const Metadata& metadata, std::chrono::nanoseconds time_left) {
  const Method& method = *call.method;
  if (pending_.size() >= max_calls_) {
    return Status(Code::kResourceExhausted,
                  failure_text(method, setup_.address,
                               fmt::format("{} calls are in flight on the connection; the limit "
                                           "is {}",
                                           pending_.size(), max_calls_)),
                  HandlerRan::kNo);
  }
  if (unsent() >= setup_.options.limits.unsent_bytes) {
    return Status(Code::kResourceExhausted,
                  failure_text(method, setup_.address,
                               fmt::format("{} bytes wait to be sent; the limit is {}", unsent(),
                                           setup_.options.limits.unsent_bytes)),
                  HandlerRan::kNo);
  }
  std::size_t before = outgoing_.size();
  try {
    pending_.reserve();
    // Other protocols than ours cannot take back what they have written: the peer is told of types
    // once, and answers in the order of the requests.
    if (call.attempt && !native_) call.attempt->on_queued(id, ByteView());
    wire::RequestHead head;
    head.id = id;
    head.method = &method;
    head.timeout = time_left;
    head.metadata = &metadata;
    Status failure = protocol_->write_request(head, method.argument(), argument, outgoing_);
    if (!failure.ok()) {
      return failure.with_context(failure_text(method, setup_.address, "request"))
          .with_handler_ran(HandlerRan::kNo);
    }
    if (call.attempt && native_) {
      call.attempt->on_queued(id, native_->native_argument(outgoing_));
    }
  } catch (const std::exception& thrown) {
    outgoing_.truncate(before);
    return Status(Code::kInternal,
                  failure_text(method, setup_.address, fmt::format("request: {}", thrown.what())),
                  HandlerRan::kNo);
  }
  pending_.insert(id, std::move(call), taken_ + outgoing_.size() - protocol_->request_tail());
  return {};
}

void ClientSession::start() {
  // A callback of a call that could not be sent may have closed the client.
  if (!open()) return;
  std::shared_ptr<void> alive = setup_.user.keep_alive();
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
    std::lock_guard lock(setup_.mutex);
    start_deadlines();
    waiting = pending_.size() > 0;
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
    std::lock_guard lock(setup_.mutex);
    start_deadlines();
    if (pending_.has_unwritten()) pending_.tell_written(setup_.loop.now());
    waiting = pending_.size() > 0;
    stuck_ = 0;  // all that was taken before has been written, and what is taken now may be
    taken_ += outgoing_.size();
    if (!outgoing_.empty() || out.capacity() <= kKeptBytes) std::swap(out, outgoing_);
  }
  if (waiting) listen();
}

void ClientSession::on_write_blocked() {
  std::lock_guard lock(setup_.mutex);
  stuck_ = connection_->unsent();
}

void ClientSession::on_drained() {
  std::lock_guard lock(setup_.mutex);
  stuck_ = 0;
}

net::ConnectionUser::Consumed ClientSession::on_bytes(ByteView bytes) {
  std::shared_ptr<void> alive = setup_.user.keep_alive();
  keepalive_.heard(connection_->bytes_read());
  Consumed consumed;
  if (!handshake_.done()) {
    consumed.bytes = read_handshake(bytes);
    if (!handshake_.done()) return consumed;
  }
  wire::Frame frame;
  Status why;
  while (open()) {
    wire::ClientProtocol::Progress progress =
        protocol_->next(bytes.subspan(consumed.bytes), frame, why);
    consumed.bytes += progress.consumed;
    if (progress.step == wire::ClientProtocol::Step::kMore) {
      consumed.wanted = progress.wanted;
      break;
    }
    if (progress.step == wire::ClientProtocol::Step::kFrame) on_frame(frame);
    if (progress.step == wire::ClientProtocol::Step::kBroken) close_unreadable(why);
  }
  if (gathering_.on() && open()) gather_replies(consumed.bytes);
  close_if_drained();
  if (phase_ == Phase::kDraining && open() && protocol_->finished()) {
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
    take_limits(handshake_.answer());
    setup_.user.on_ready(*this);
  }
  return taken;
}

// What the server takes at most.
void ClientSession::take_limits(const wire::OptionReply& answer) {
  std::lock_guard lock(setup_.mutex);
  if (answer.max_message_bytes > 0) {
    native_->set_peer_message_bytes(
        static_cast<std::size_t>(std::min<std::uint64_t>(answer.max_message_bytes, UINT32_MAX)));
  }
  if (answer.max_calls_in_flight > 0) {
    max_calls_ = std::min(max_calls_, answer.max_calls_in_flight);
  }
}

void ClientSession::gather_replies(std::size_t bytes) {
  ReplyGathering::Turn turn;
  turn.now = setup_.loop.now();
  turn.replies = std::exchange(answers_, 0);
  turn.bytes = bytes;
  {
    std::lock_guard lock(setup_.mutex);
    turn.younger = pending_.sent_after(last_answered_);
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
      std::lock_guard lock(setup_.mutex);
      // A server that does not read has no need of more.
      if (unsent() < setup_.options.limits.unsent_bytes) protocol_->write_pong(frame.id, outgoing_);
      return;
    }
    case wire::FrameKind::kPong:
      pings_.answered(frame.id);
      return;
    case wire::FrameKind::kGoingAway:
      if (phase_ == Phase::kOpen) enter(Phase::kDraining);
      setup_.user.on_going_away(*this);
      return;
    case wire::FrameKind::kRequest:
    case wire::FrameKind::kCancel:
    case wire::FrameKind::kStreamData:
    case wire::FrameKind::kCredit:
    case wire::FrameKind::kPage:
      break;
  }
  close_unreadable(
      Status(Code::kUnavailable,
             fmt::format(
                 "frame: kind {} came; a server sends replies, errors, pings, pongs and going-away",
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
  PendingCalls::Taken taken;
  {
    std::lock_guard lock(setup_.mutex);
    if (!pending_.take(frame.id, taken)) {
      ++(pending_.given_out(frame.id) ? setup_.strays.late : setup_.strays.unknown);
      return;
    }
  }
  last_answered_ = taken.place;
  const AnswerSource source{*protocol_, native_ != nullptr, setup_.address};
  taken.started.finish(read_outcome(source, frame, taken.started));
}

bool ClientSession::give_up(std::uint64_t id, Code code) {
  std::shared_ptr<void> alive = setup_.user.keep_alive();
  PendingCalls::Taken taken;
  {
    std::lock_guard lock(setup_.mutex);
    if (!pending_.take(id, taken)) return false;
    protocol_->write_cancel(id, outgoing_);
  }
  connection_->flush();
  const StartedCall& call = taken.started;
  std::string what = code == Code::kDeadlineExceeded
                         ? fmt::format("no reply within {}", base::duration_text(call.timeout))
                         : "cancelled by the caller";
  taken.started.finish(
      Status(code, failure_text(*call.method, setup_.address, what), HandlerRan::kUnknown));
  close_if_drained();
  return true;
}

void ClientSession::on_deadline(std::uint64_t id) {
  give_up(id, Code::kDeadlineExceeded);
}

void ClientSession::close_if_drained() {
  if (phase_ != Phase::kDraining || !open()) return;
  {
    std::lock_guard lock(setup_.mutex);
    if (pending_.size() > 0) return;
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
  if (!protocol_->has_pings()) {
    done(Status());
    return;
  }
  const std::uint64_t number = pings_.ask(std::move(done));
  {
    std::lock_guard lock(setup_.mutex);
    protocol_->write_ping(number, outgoing_);
  }
  connection_->flush();
}

void ClientSession::fail_calls(const Status& why) {
  std::vector<PendingCalls::Taken> lost;
  {
    std::lock_guard lock(setup_.mutex);
    lost = pending_.take_all();
  }
  for (PendingCalls::Taken& call : lost) {
    Status outcome = lost_call(call, why);
    call.started.finish(std::move(outcome));
  }
}

// A request cannot have been understood before the byte at which its server can act.
Status ClientSession::lost_call(const PendingCalls::Taken& lost, const Status& why) const {
  bool sent = lost.request_end <= connection_->bytes_written();
  std::string_view when = sent ? "connection lost before the reply came"
                               : "connection lost before the request was sent";
  const bool refused = handshake_.phase() == ClientHandshake::Phase::kRefused;
  HandlerRan ran = sent && !refused ? HandlerRan::kUnknown : HandlerRan::kNo;
  std::string_view context = refused || why.code() == Code::kCancelled ? "not called" : when;
  if (why.code() == Code::kCancelled && sent) context = "cancelled before the reply came";
  return why.with_context(failure_text(*lost.started.method, setup_.address, context))
      .with_handler_ran(ran);
}

// A call waits: from now on silence is noticed.
void ClientSession::listen() {
  if (open()) keepalive_.listen(connection_->bytes_read());
}

void ClientSession::on_quiet() {
  std::shared_ptr<void> alive = setup_.user.keep_alive();
  {
    std::lock_guard lock(setup_.mutex);
    if (pending_.size() == 0) {
      if (outgoing_.empty()) outgoing_.release();
      keepalive_.stop_listening();
      return;
    }
  }
  switch (keepalive_.next(connection_->bytes_read())) {
    case Keepalive::Step::kListen:
      return;
    case Keepalive::Step::kPing: {
      std::lock_guard lock(setup_.mutex);
      protocol_->write_ping(pings_.next(), outgoing_);
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
