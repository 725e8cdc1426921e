// How a session paces its peer, keeps time and ends.
#include <fmt/format.h>

#include <cassert>
#include <new>
#include <utility>

#include "base/duration_text.h"
#include "serve/server_core.h"
#include "serve/session.h"
#include "serve/session_call.h"

namespace tern::serve {

// --- Pace ---

bool Session::full() const noexcept {
  return slots_.get() >= core_->options().limits.calls_in_flight;
}

bool Session::congested() const noexcept {
  // What windows hold up leaves when more is read.
  return !protocol_->ready() || may_leave() >= core_->options().limits.unsent_bytes ||
         (streams_ && streams_->over_window());
}

bool Session::over_limit() const noexcept {
  if (congested()) return true;
  // A request that waits is read from a copy; what stands behind it may not be.
  return (full() || waiting_ > 0) && !protocol_->has_control_frames();
}

void Session::pause() {
  connection_->pause_reading();
  times_.note_watched();
  arm();
  schedule_after_turn();
}

void Session::schedule_after_turn() noexcept {
  if (after_turn_scheduled_ || phase_ == Phase::kClosed) return;
  after_turn_scheduled_ = true;
  try {
    loop().post([self = shared_from_this()] { self->run_on_loop(); });
  } catch (const std::bad_alloc&) {
    post_self();
  }
}

void Session::run_on_loop() {
  after_turn_scheduled_ = false;
  after_turn();
}

void Session::post_self() noexcept {
  loop().post(std::shared_ptr<net::LoopTask>(shared_from_this(), this));
}

void Session::after_turn() {
  if (phase_ == Phase::kClosed) return;
  process_streams();
  if (phase_ == Phase::kClosed) return;
  connection_->flush();
  if (phase_ == Phase::kClosed) return;
  if (connection_->paused() && !over_limit()) connection_->resume_reading();
  start_held();
  check_finished();
}

// --- The calls ---

void Session::call_ended(SessionCall& call) noexcept {
  running_.remove(call);
  if (phase_ == Phase::kDraining || requests_ended_ || connection_->paused()) {
    schedule_after_turn();
  }
}

void Session::call_released(SessionCall& call) noexcept {
  if (AdaptiveLimit* limit = core_->adaptive_limit(call.route())) {
    limit->end(call.route().index, read_clock(),
               call.handler_began() ? AdaptiveLimit::Ran::kHandler : AdaptiveLimit::Ran::kNothing);
  }
  serve_loop_.calls().give(call);
  slots_.subtract();
  if (slots_.get() == 0) {
    running_.trim();
    times_.note_activity();
  }
  if (held_ || connection_->paused()) schedule_after_turn();
}

// --- Time ---

SessionTimes::Stage Session::stage() const noexcept {
  using Stage = SessionTimes::Stage;
  if (phase_ == Phase::kClosing) return Stage::kClosing;
  if (phase_ == Phase::kDraining) return Stage::kDraining;
  if (has_protocol() || phase_ != Phase::kOpen) return Stage::kOpen;
  return dialed_ ? Stage::kDialed : Stage::kHandshake;
}

// The timer may be early, and then looks again, but never late; so most turns leave it alone.
void Session::arm() {
  Clock::TimePoint due = times_.next(stage(), watches());
  if (due == Clock::TimePoint::max() || (timer_.waiting() && timer_.due() <= due)) return;
  loop().start_timer(timer_, due);
}

void Session::on_timer() {
  if (phase_ == Phase::kClosed) return;
  const ServerOptions& options = core_->options();
  read_clock();
  if (phase_ < Phase::kClosing && watches() && times_.watch_due()) {
    times_.note_watched();
    if (peer_has_left()) {
      peer_left();
      return;
    }
  }
  switch (times_.due(stage(), watches())) {
    case SessionTimes::Due::kNothing:
      arm();
      return;
    case SessionTimes::Due::kHandshake:
      refuse_connection(connection_->bytes_read() == 0 && connection_->established()
                            ? Refusal::kSilent
                            : Refusal::kHandshakeTimeout,
                        Status(Code::kDeadlineExceeded,
                               fmt::format("handshake: not complete after {}",
                                           base::duration_text(options.handshake_timeout)),
                               HandlerRan::kNo));
      return;
    case SessionTimes::Due::kMessage:
      refuse_connection(
          Refusal::kMessageTimeout,
          Status(
              Code::kDeadlineExceeded,
              fmt::format("connection with {}: a message that has begun is not complete after {}",
                          peer(), base::duration_text(options.message_timeout)),
              HandlerRan::kUnknown));
      return;
    case SessionTimes::Due::kHalfClose:
      refuse_connection(
          Refusal::kHalfCloseTimeout,
          Status(Code::kDeadlineExceeded,
                 fmt::format("connection with {}: closed by the peer, and its calls are not done "
                             "after {}",
                             peer(), base::duration_text(options.half_close_timeout)),
                 HandlerRan::kUnknown));
      return;
    case SessionTimes::Due::kTimeToLeave:
      if (unsent() > 0) {
        times_.note_finished();  // its last replies are still on their way
        arm();
        return;
      }
      connection_->close(going_away().with_handler_ran(HandlerRan::kUnknown));
      return;
    case SessionTimes::Due::kLastWords:
      connection_->close(going_away().with_handler_ran(HandlerRan::kUnknown));
      return;
    case SessionTimes::Due::kUnread: {
      Status why(Code::kUnavailable,
                 fmt::format("connection with {}: the peer's windows had no room for {} while {} "
                             "bytes waited for it",
                             peer(), base::duration_text(options.write_timeout), unsent()),
                 HandlerRan::kUnknown);
      serve_loop_.counters().refuse(Refusal::kUnsentReplies);
      core_->log_refusal(peer(), why);
      connection_->close(std::move(why));
      return;
    }
    case SessionTimes::Due::kAge:
      serve_loop_.counters().refuse(Refusal::kOld);
      times_.note_old();
      begin_drain();
      arm();
      return;
    case SessionTimes::Due::kAgeGrace:
      stop(Status(Code::kUnavailable,
                  fmt::format("server: the connection is older than "
                              "ServerOptions::max_connection_age, and the call has not ended "
                              "within max_connection_age_grace, {}",
                              base::duration_text(options.max_connection_age_grace)),
                  HandlerRan::kYes));
      return;
    case SessionTimes::Due::kIdle:
      if (busy() || answers_come()) {
        times_.note_activity();  // look again after the same time
        arm();
        return;
      }
      serve_loop_.counters().refuse(Refusal::kIdle);
      begin_drain();
      return;
  }
}

bool Session::busy() const noexcept {
  return slots_.get() > 0 || (streams_ && streams_->taken() > 0) || http_requests_.waiting() ||
         times_.in_message() || unsent() > 0 || connection_->paused();
}

// Since the last look: the peer answers calls of this side on the same connection.
bool Session::answers_come() noexcept {
  const SharedTraffic shared = connection_->shared_traffic();
  if (shared.bytes_read == 0) return false;
  const std::uint64_t now = shared.bytes_read - connection_->bytes_read();
  return std::exchange(answered_bytes_, now) != now || shared.held_up;
}

// --- The end ---

void Session::enter(Phase next) noexcept {
  assert(next > phase_);
  phase_ = next;
}

void Session::refuse_connection(Refusal reason, Status why) {
  serve_loop_.counters().refuse(reason);
  if (is_logged(reason)) core_->log_refusal(peer(), why);
  abandon_calls(why);
  if (unsent() == 0) {
    connection_->close(std::move(why));
  } else {
    close_after_flush(std::move(why));
  }
}

void Session::abandon_calls(const Status& why) {
  held_.reset();
  if (streams_) streams_->abandon_all(why);
  std::size_t bucket = 0;
  while (SessionCall* call = running_.next(bucket)) call->abandon(why);
}

void Session::close_after_flush(Status why) {
  enter(Phase::kClosing);
  connection_->close_after_flush(std::move(why));
}

bool Session::on_end() {
  if (!has_protocol()) return false;
  if (!protocol_->honours_half_close()) {
    peer_left();
    return true;
  }
  requests_ended_ = true;
  read_clock();
  times_.note_half_close();
  arm();
  check_finished();
  return true;
}

bool Session::watches() const noexcept {
  return connection_->paused() || times_.half_closed();
}

bool Session::peer_has_left() noexcept {
  PeerState state = connection_->peer_state();
  return state == PeerState::kGone ||
         (state == PeerState::kEnded && !protocol_->honours_half_close());
}

void Session::peer_left() {
  connection_->flush();
  if (connection_->closed()) return;
  Status why = closed_by_peer();
  abandon_calls(why);
  http_requests_.forget();
  if (unsent() > 0) {
    close_after_flush(std::move(why));
  } else {
    connection_->close(std::move(why));
  }
}

Status Session::closed_by_peer() const {
  return Status(Code::kUnavailable, fmt::format("connection with {}: closed by the peer", peer()),
                HandlerRan::kUnknown);
}

void Session::end_handshake() {
  if (!dialed_) core_->end_handshake();
}

void Session::begin_drain() {
  if (phase_ != Phase::kOpen) return;
  enter(Phase::kDraining);
  if (has_protocol()) {
    tell_going_away();
    return;
  }
  // What the peer has to say may be on its way, and calls with it: it is told then.
  read_clock();
  times_.note_finished();
  arm();
}

void Session::tell_going_away() {
  times_.note_unfinished();
  protocol_->write_going_away(going_away().message(), urgent());
  wrote();
  refuse_held();
  tell_drain();
  http_requests_.tell_shutdown();
  check_finished();
}

void Session::refuse_held() {
  while (held_) {
    HeldRequests::Request next = held_->pop();
    if (held_->empty()) held_.reset();
    refuse_request(next.kept.frame, nullptr, Refusal::kGoingAway, going_away());
  }
}

// Closes when all that was asked for is answered and nothing more can come, or is wanted.
void Session::check_finished() {
  if (!has_protocol() || phase_ >= Phase::kClosing || !running_.empty() || has_streams() ||
      http_requests_.waiting()) {
    return;
  }
  // Also an answer can say that nothing more will be read.
  if (requests_ended_ || protocol_->finished()) {
    close_after_flush(Status(Code::kUnavailable,
                             fmt::format("connection with {}: closed by the peer", peer()),
                             HandlerRan::kUnknown));
  } else if (phase_ == Phase::kDraining && !times_.finished()) {
    read_clock();
    times_.note_finished();
    arm();
  }
}

void Session::stop(const Status& why) {
  if (phase_ == Phase::kClosed) return;
  std::shared_ptr<Session> self = shared_from_this();
  bool asking = http_requests_.asking();
  bool has_last_words = phase_ == Phase::kClosing || held_ || !running_.empty() || has_streams() ||
                        asking || connection_->paused();
  if (phase_ == Phase::kOpen) {
    enter(Phase::kDraining);
    tell_drain();
  }
  refuse_held();
  if (streams_) streams_->give_up_all(why);
  std::size_t bucket = 0;
  while (SessionCall* call = running_.next(bucket)) call->give_up(why);
  if (asking) http_requests_.give_up();
  connection_->flush();
  if (phase_ == Phase::kClosed) return;
  // A loop that has stopped carries nothing to the peer any more.
  if ((!has_last_words && unsent() == 0) || loop().io().stopped()) {
    connection_->close(why);
    return;
  }
  if (phase_ < Phase::kClosing) close_after_flush(why);
  if (phase_ == Phase::kClosed) return;
  read_clock();
  times_.note_last_words();
  arm();
}

void Session::on_closed(const Status& why) {
  if (phase_ == Phase::kClosed) return;
  bool spoken_to = has_protocol();
  if (!spoken_to) end_handshake();
  if (phase_ < Phase::kClosing && !connection_->established()) {
    serve_loop_.counters().refuse(Refusal::kInsecure);
    core_->log_refusal(peer(), Status(why.code(), connection_->error_text(), HandlerRan::kNo));
  }
  enter(Phase::kClosed);
  if (on_dialed_closed_) std::exchange(on_dialed_closed_, {})(spoken_to);
  loop().cancel_timer(timer_);
  abandon_calls(why);
  count_unsent();
  outbox_.clear();
  if (caller_) caller_->close();
  http_requests_.forget();
  if (way_to_loop_) way_to_loop_->close();
  // The connection is still in the middle of closing: it and this must outlive that.
  post_self();
  serve_loop_.forget(*this);
}

}  // namespace tern::serve
