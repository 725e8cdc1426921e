#include "call/client_session.h"

#include <fmt/format.h>

#include <cassert>
#include <new>
#include <utility>

#include "base/no_destructor.h"
#include "call/fill_part.h"

namespace tern::call {

namespace {

// Made before it is needed: the connection is to end also where there is no memory.
const base::NoDestructor<Status> kGivenUp(
    Code::kUnavailable,
    "a stream was given up, and its protocol has no word for that but the end of "
    "the connection",
    HandlerRan::kUnknown);

Status unreadable(const Status& why) {
  return Status(Code::kUnavailable,
                fmt::format("what the server sends cannot be read: {}", why.message()),
                HandlerRan::kUnknown);
}

// An alert, or the record of a handshake: no protocol of ours begins so.
bool begins_tls(ByteView bytes) noexcept {
  return bytes.size() >= 2 && (bytes[0] == std::byte(0x15) || bytes[0] == std::byte(0x16)) &&
         bytes[1] == std::byte(0x03);
}

net::ConnectionOptions connection_options(const ClientOptions& options) {
  net::ConnectionOptions made;
  made.write_timeout = options.write_timeout;
  return made;
}

}  // namespace

ClientSession::ClientSession(const ClientSessionSetup& setup, wire::ClientPreface preface,
                             std::unique_ptr<ByteStream> stream, Serve serve)
    : setup_(setup),
      connection_(std::make_shared<net::Connection>(setup.loop, std::move(stream), *this,
                                                    connection_options(setup.options))),
      handshake_(preface, setup.options.limits.option_bytes),
      serve_(std::move(serve)),
      source_{*preface.protocol, preface.native != nullptr, setup.address},
      reading_(source_.protocol),
      queue_(setup.mutex, setup.loop, setup.options, setup.address, std::move(preface),
             [this](std::uint64_t id) { give_up(id, Code::kDeadlineExceeded); }),
      streams_(setup.loop, reading_, setup.options.limits, *this),
      work_(setup_, *connection_, streams_, *this),
      calls_(setup_, source_, *connection_, queue_, streams_, *this),
      liveness_(setup_, reading_, *connection_, queue_, [this](const Status& why) { end(why); }) {}

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
    waiting = queue.has_more() || !streams_.empty() ? fill_part(setup_.loop, queue, streams_, out)
                                                    : queue.take_outgoing(out);
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
  liveness_.heard();
  if (connection_->bytes_read() == bytes.size() && begins_tls(bytes)) {
    end(Status(Code::kUnavailable,
               fmt::format("{}: the server answers in TLS; dial \"tls@...\", with "
                           "ClientOptions::credentials",
                           setup_.address),
               HandlerRan::kNo));
    return {bytes.size(), 0};
  }
  Consumed consumed;
  if (!handshake_.done()) {
    consumed.bytes = read_handshake(bytes);
    if (!handshake_.done()) return consumed;
  }
  wire::Frame frame;
  Status why;
  reading_.set_time(setup_.loop.now());
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
    if (progress.step == wire::ClientProtocol::Step::kBroken) close_broken(why);
  }
  work_.on_turn_end();
  if (open()) calls_.gather_replies(consumed.bytes);
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

void ClientSession::on_frame(const wire::Frame& frame) {
  switch (frame.kind) {
    case wire::FrameKind::kReply:
    case wire::FrameKind::kError:
      calls_.on_answer(frame);
      return;
    case wire::FrameKind::kPing: {
      base::MutexLock lock(setup_.mutex);
      queue_.with(lock).write_pong(frame.id);
      return;
    }
    case wire::FrameKind::kPong:
      liveness_.answered(frame.id);
      return;
    case wire::FrameKind::kReplyData:
      calls_.on_reply_data(frame);
      return;
    case wire::FrameKind::kReplyStreamData:
    case wire::FrameKind::kRequestCredit:
      calls_.on_stream_frame(frame);
      return;
    case wire::FrameKind::kGoingAway:
      if (phase_ == Phase::kOpen) enter(Phase::kDraining);
      if (frame.too_many_pings) setup_.user.on_too_many_pings();
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
  end(unreadable(why));
}

// The server is told why, if it reads. The calls do not wait for that; what is made of their
// requests may still leave.
void ClientSession::close_broken(const Status& why) {
  if (!reading_.has_last_words()) {
    close_unreadable(why);
    return;
  }
  const Status lost = unreadable(why);
  std::uint64_t leaving = 0;
  {
    base::MutexLock lock(setup_.mutex);
    leaving = queue_.with(lock).write_last_words();
  }
  enter(Phase::kClosing);
  setup_.user.on_unreadable(*this, lost);
  calls_.fail_all(lost, false, leaving);
  liveness_.fail(lost.with_handler_ran(HandlerRan::kNo));
  connection_->close_after_flush(lost);
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
    end(*kGivenUp);
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
  liveness_.end();
  setup_.user.on_lost(*this, why);
  fail_calls(why);
  liveness_.fail(why.with_handler_ran(HandlerRan::kNo));
}

void ClientSession::ping(UniqueFunction<void(Status)> done) {
  std::shared_ptr<void> alive = setup_.user.keep_alive();
  if (!open()) {
    done(Status(Code::kUnavailable, fmt::format("{}: not connected", setup_.address),
                HandlerRan::kNo));
    return;
  }
  if (!liveness_.ask(done)) {
    done(Status());
    return;
  }
  connection_->flush();
}

// A call waits: from now on silence is noticed.
void ClientSession::listen() {
  if (open()) liveness_.listen();
}

void ClientSession::write_credit(std::uint64_t id, std::uint64_t bytes) {
  base::MutexLock lock(setup_.mutex);
  queue_.with(lock).write_credit(id, bytes);
}

bool ClientSession::send_probe() {
  UniqueFunction<void(Status)> done = [this](const Status& status) {
    if (status.ok()) streams_.end_probe();
  };
  return liveness_.ask(done);
}

}  // namespace tern::call
