#include "call/client_connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <utility>

#include "base/duration_text.h"
#include "call/failure_text.h"
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

}  // namespace

ClientConnection::ClientConnection(const ClientConnectionSetup& setup, wire::ClientPreface opening,
                                   std::unique_ptr<ByteStream> stream)
    : setup_(setup),
      connection_(std::make_shared<net::Connection>(setup.loop, std::move(stream), *this,
                                                    connection_options(setup.options))),
      phase_(!opening.connect.empty() ? Phase::kSwitching
             : opening.native         ? Phase::kGreeting
                                      : Phase::kSpeaking),
      connect_(std::move(opening.connect)),
      silence_timer_([this] { on_quiet(); }),
      gathering_(setup.options.gather_replies),
      protocol_(std::move(opening.protocol)),
      native_(opening.native),
      pending_(setup.loop, [this](std::uint64_t id) { on_deadline(id); }),
      taken_(connect_.size()),
      max_calls_(setup.options.limits.calls_in_flight) {
  outgoing_.append(opening.option);
}

ClientConnection::~ClientConnection() = default;

Status ClientConnection::send(std::uint64_t id, StartedCall& call, const void* argument,
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

void ClientConnection::start() {
  // A callback of a call that could not be sent may have closed the client.
  if (!open()) return;
  std::shared_ptr<void> alive = setup_.user.keep_alive();
  connection_->start();
  // Protocols without a handshake are ready as soon as there is a connection: what has waited for
  // that goes with the rest.
  if (phase_ == Phase::kSpeaking && open()) setup_.user.on_ready(*this);
  flush();
}

void ClientConnection::flush() {
  connection_->flush();
  if (!open()) return;
  bool waiting = false;
  {
    std::lock_guard lock(setup_.mutex);
    start_deadlines();
    waiting = pending_.size() > 0;
  }
  if (waiting) watch_silence();
}

void ClientConnection::take_outgoing(Buffer& out) {
  if (phase_ == Phase::kSwitching) {
    out.append(std::exchange(connect_, std::string()));
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
  if (waiting) watch_silence();
}

void ClientConnection::on_write_blocked() {
  std::lock_guard lock(setup_.mutex);
  stuck_ = connection_->unsent();
}

void ClientConnection::on_drained() {
  std::lock_guard lock(setup_.mutex);
  stuck_ = 0;
}

net::ConnectionUser::Consumed ClientConnection::on_bytes(ByteView bytes) {
  std::shared_ptr<void> alive = setup_.user.keep_alive();
  if (setup_.options.keepalive_interval > std::chrono::nanoseconds::zero()) {
    heard_at_ = setup_.loop.now();
    heard_bytes_ = connection_->bytes_read();
  }
  Consumed consumed;
  if (phase_ != Phase::kSpeaking) {
    read_handshake(bytes, consumed);
    if (phase_ != Phase::kSpeaking) return consumed;
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
  if (draining_ && open() && protocol_->finished()) {
    connection_->close(Status(Code::kUnavailable,
                              "the server has closed the connection behind another answer",
                              HandlerRan::kUnknown));
  }
  return consumed;
}

void ClientConnection::gather_replies(std::size_t bytes) {
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

void ClientConnection::on_frame(const wire::Frame& frame) {
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
      on_pong(frame.id);  // heard_at_ has it, too
      return;
    case wire::FrameKind::kGoingAway:
      draining_ = true;
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
void ClientConnection::close_unreadable(const Status& why) {
  connection_->close(Status(Code::kUnavailable,
                            fmt::format("what the server sends cannot be read: {}", why.message()),
                            HandlerRan::kUnknown));
}

void ClientConnection::on_answer(const wire::Frame& frame) {
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
  taken.started.finish(read_answer(frame, taken.started));
}

// The outcome of the call, with its reply in place.
Status ClientConnection::read_answer(const wire::Frame& frame, StartedCall& call) {
  const Method& method = *call.method;
  // It is the server's mistake, unless the reply is over a limit of this side.
  auto unreadable = [&](const Status& failure) {
    const bool limit = failure.code() == Code::kResourceExhausted;
    return Status(limit ? Code::kResourceExhausted : Code::kInternal,
                  failure_text(method, setup_.address, fmt::format("reply: {}", failure.message())),
                  frame.kind == wire::FrameKind::kReply ? HandlerRan::kYes : HandlerRan::kUnknown);
  };
  try {
    if (!frame.refused.ok()) return unreadable(frame.refused);
    if (!frame.metadata.empty()) {
      Status failure = protocol_->read_metadata(frame, call.call->reply_metadata());
      if (!failure.ok()) return unreadable(failure);
    }
    if (frame.kind == wire::FrameKind::kError) return read_error(frame, method);
    Status failure = protocol_->read_body(frame, method.result(), call.call->reply_slot());
    return failure.ok() ? Status() : unreadable(failure);
  } catch (const std::exception& thrown) {
    return unreadable(Status(Code::kInternal, thrown.what()));
  }
}

Status ClientConnection::read_error(const wire::Frame& frame, const Method& method) {
  // A server of our frames was given a number, and has no better name.
  const bool unknown_id =
      native_ && frame.code == Code::kUnimplemented && frame.ran == HandlerRan::kNo;
  std::string message =
      unknown_id ? failure_text(method, setup_.address, frame.message) : std::string(frame.message);
  for (TypeOpsOf declared : method.errors) {
    const TypeOps& type = declared();
    if (type.name != frame.detail_type) continue;
    std::shared_ptr<void> detail(type.create(), type.destroy);
    if (!protocol_->read_detail(frame, type, detail.get()).ok()) break;  // the text is still good
    return Status::with_detail(frame.code, std::move(message), type, std::move(detail), frame.ran);
  }
  return Status(frame.code, std::move(message), frame.ran);
}

bool ClientConnection::give_up(std::uint64_t id, Code code) {
  std::shared_ptr<void> alive = setup_.user.keep_alive();
  PendingCalls::Taken taken;
  {
    std::lock_guard lock(setup_.mutex);
    if (!pending_.take(id, taken)) return false;
  }
  Status why;
  try {
    {
      std::lock_guard lock(setup_.mutex);
      protocol_->write_cancel(id, outgoing_);
    }
    connection_->flush();
    const StartedCall& call = taken.started;
    std::string what = code == Code::kDeadlineExceeded
                           ? fmt::format("no reply within {}", base::duration_text(call.timeout))
                           : "cancelled by the caller";
    why = Status(code, failure_text(*call.method, setup_.address, what), HandlerRan::kUnknown);
  } catch (const std::bad_alloc&) {
    // The call ends all the same, with fewer words.
    why = Status(code, "", HandlerRan::kUnknown);
  }
  taken.started.finish(std::move(why));
  close_if_drained();
  return true;
}

void ClientConnection::on_deadline(std::uint64_t id) {
  give_up(id, Code::kDeadlineExceeded);
}

void ClientConnection::close_if_drained() {
  if (!draining_ || !open()) return;
  {
    std::lock_guard lock(setup_.mutex);
    if (pending_.size() > 0) return;
  }
  ending_ = true;
  connection_->close_after_flush(
      Status(Code::kUnavailable, "the server is going away", HandlerRan::kNo));
}

void ClientConnection::close(const Status& why) {
  std::shared_ptr<void> alive = setup_.user.keep_alive();
  ending_ = true;
  // In a turn the connection ends with the turn, but the calls end here.
  if (connection_->in_turn()) fail_calls(why);
  connection_->close(why);
}

void ClientConnection::on_closed(const Status& why) {
  std::shared_ptr<void> alive = setup_.user.keep_alive();
  ending_ = true;
  silence_timer_.cancel();
  setup_.user.on_lost(*this, why);
  fail_calls(why);
  for (auto& [id, done] : std::exchange(asked_, {})) done(why.with_handler_ran(HandlerRan::kNo));
}

void ClientConnection::ping(UniqueFunction<void(Status)> done) {
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
  asked_.emplace(++pings_, std::move(done));
  {
    std::lock_guard lock(setup_.mutex);
    protocol_->write_ping(pings_, outgoing_);
  }
  connection_->flush();
}

void ClientConnection::on_pong(std::uint64_t id) {
  auto place = asked_.find(id);
  if (place == asked_.end()) return;
  UniqueFunction<void(Status)> done = std::move(place->second);
  asked_.erase(place);
  done(Status());
}

void ClientConnection::fail_calls(const Status& why) {
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
Status ClientConnection::lost_call(const PendingCalls::Taken& lost, const Status& why) const {
  bool sent = lost.request_end <= connection_->bytes_written();
  std::string_view when = sent ? "connection lost before the reply came"
                               : "connection lost before the request was sent";
  HandlerRan ran = sent && !refused_ ? HandlerRan::kUnknown : HandlerRan::kNo;
  std::string_view context = refused_ || why.code() == Code::kCancelled ? "not called" : when;
  if (why.code() == Code::kCancelled && sent) context = "cancelled before the reply came";
  return why.with_context(failure_text(*lost.started.method, setup_.address, context))
      .with_handler_ran(ran);
}

// Keepalive: with calls waiting, silence is asked about once and then ends the connection.
void ClientConnection::watch_silence() {
  auto interval = setup_.options.keepalive_interval;
  if (!protocol_->has_pings() || interval <= std::chrono::nanoseconds::zero() ||
      silence_timer_.waiting() || !open())
    return;
  pinged_ = false;
  heard_at_ = setup_.loop.now();
  heard_bytes_ = connection_->bytes_read();
  setup_.loop.start_timer(silence_timer_, interval);
}

void ClientConnection::on_quiet() {
  std::shared_ptr<void> alive = setup_.user.keep_alive();
  const ClientOptions& options = setup_.options;
  Clock::TimePoint now = setup_.loop.now();
  {
    std::lock_guard lock(setup_.mutex);
    if (pending_.size() == 0) {
      if (outgoing_.empty()) outgoing_.release();
      return;  // the next call starts the watch anew
    }
  }
  // A part of a message is a word, too: on_bytes() may come only when it is complete.
  if (const std::uint64_t read = connection_->bytes_read(); read != heard_bytes_) {
    heard_bytes_ = read;
    heard_at_ = now;
  }
  if (pinged_ && heard_at_ < pinged_at_) {
    connection_->close(Status(
        Code::kUnavailable,
        fmt::format("nothing received for {}, and no answer to a ping",
                    base::duration_text(options.keepalive_interval + options.keepalive_timeout)),
        HandlerRan::kUnknown));
    return;
  }
  pinged_ = false;
  Clock::TimePoint due = saturating_add(heard_at_, options.keepalive_interval);
  if (due > now) {
    setup_.loop.start_timer(silence_timer_, due);
    return;
  }
  pinged_ = true;
  pinged_at_ = now;
  {
    std::lock_guard lock(setup_.mutex);
    protocol_->write_ping(++pings_, outgoing_);
  }
  setup_.loop.start_timer(silence_timer_, options.keepalive_timeout);
  connection_->flush();
}

}  // namespace tern::call
