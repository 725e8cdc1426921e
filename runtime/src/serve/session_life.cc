#include "serve/session_life.h"

#include <fmt/format.h>

#include <cassert>
#include <memory>
#include <utility>

#include "base/duration_text.h"
#include "serve/server_core.h"
#include "serve/session.h"

namespace tern::serve {

SessionLife::SessionLife(Session& session, const ServerOptions& options, Clock::TimePoint now)
    : session_(session), times_(options, now), timer_([this] { on_timer(); }) {}

// --- Time ---

SessionTimes::Stage SessionLife::stage() const noexcept {
  using Stage = SessionTimes::Stage;
  if (phase_ == Phase::kClosing) return Stage::kClosing;
  if (phase_ == Phase::kDraining) return Stage::kDraining;
  if (session_.has_protocol() || phase_ != Phase::kOpen) return Stage::kOpen;
  return dialed_ ? Stage::kDialed : Stage::kHandshake;
}

// The timer may be early, and then looks again, but never late; so most turns leave it alone.
void SessionLife::arm() {
  Clock::TimePoint due = times_.next(stage(), watches());
  if (due == Clock::TimePoint::max() || (timer_.waiting() && timer_.due() <= due)) return;
  session_.loop().start_timer(timer_, due);
}

void SessionLife::on_timer() {
  if (phase_ == Phase::kClosed) return;
  const ServerOptions& options = session_.core().options();
  session_.read_clock();
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
      refuse_connection(
          session_.connection().bytes_read() == 0 && session_.connection().established()
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
                          session_.peer(), base::duration_text(options.message_timeout)),
              HandlerRan::kUnknown));
      return;
    case SessionTimes::Due::kHalfClose:
      refuse_connection(
          Refusal::kHalfCloseTimeout,
          Status(Code::kDeadlineExceeded,
                 fmt::format("connection with {}: closed by the peer, and its calls are not done "
                             "after {}",
                             session_.peer(), base::duration_text(options.half_close_timeout)),
                 HandlerRan::kUnknown));
      return;
    case SessionTimes::Due::kTimeToLeave:
      if (session_.unsent() > 0) {
        times_.note_finished();  // its last replies are still on their way
        arm();
        return;
      }
      session_.connection().close(going_away().with_handler_ran(HandlerRan::kUnknown));
      return;
    case SessionTimes::Due::kLastWords:
      session_.connection().close(going_away().with_handler_ran(HandlerRan::kUnknown));
      return;
    case SessionTimes::Due::kUnread: {
      Status why(Code::kUnavailable,
                 fmt::format("connection with {}: the peer's windows had no room for {} while {} "
                             "bytes waited for it",
                             session_.peer(), base::duration_text(options.write_timeout),
                             session_.unsent()),
                 HandlerRan::kUnknown);
      session_.serve_loop().counters().refuse(Refusal::kUnsentReplies);
      session_.core().log().refusal(session_.peer(), why);
      session_.connection().close(std::move(why));
      return;
    }
    case SessionTimes::Due::kAge:
      session_.serve_loop().counters().refuse(Refusal::kOld);
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
      session_.serve_loop().counters().refuse(Refusal::kIdle);
      begin_drain();
      return;
  }
}

bool SessionLife::busy() const noexcept {
  return session_.calls().has_unary() || session_.calls().has_taken_streams() ||
         session_.http_requests().waiting() || times_.in_message() || session_.unsent() > 0 ||
         session_.connection().paused();
}

// Since the last look: the peer answers calls of this side on the same connection.
bool SessionLife::answers_come() noexcept {
  const SharedTraffic shared = session_.connection().shared_traffic();
  if (shared.bytes_read == 0) return false;
  const std::uint64_t now = shared.bytes_read - session_.connection().bytes_read();
  return std::exchange(answered_bytes_, now) != now || shared.held_up;
}

// --- The end ---

void SessionLife::enter(Phase next) noexcept {
  assert(next > phase_);
  phase_ = next;
}

void SessionLife::refuse_connection(Refusal reason, Status why) {
  session_.serve_loop().counters().refuse(reason);
  if (is_logged(reason)) session_.core().log().refusal(session_.peer(), why);
  session_.calls().abandon(why);
  if (session_.unsent() == 0) {
    session_.connection().close(std::move(why));
  } else {
    close_after_flush(std::move(why));
  }
}

void SessionLife::close_after_flush(Status why) {
  enter(Phase::kClosing);
  session_.connection().close_after_flush(std::move(why));
}

bool SessionLife::on_end() {
  if (!session_.has_protocol()) return false;
  if (!session_.protocol().honours_half_close()) {
    peer_left();
    return true;
  }
  requests_ended_ = true;
  session_.read_clock();
  times_.note_half_close();
  arm();
  check_finished();
  return true;
}

bool SessionLife::watches() const noexcept {
  return session_.connection().paused() || times_.half_closed();
}

bool SessionLife::peer_has_left() noexcept {
  PeerState state = session_.connection().peer_state();
  return state == PeerState::kGone ||
         (state == PeerState::kEnded && !session_.protocol().honours_half_close());
}

void SessionLife::peer_left() {
  session_.connection().flush();
  if (session_.connection().closed()) return;
  Status why = closed_by_peer();
  session_.calls().abandon(why);
  session_.http_requests().forget();
  if (session_.unsent() > 0) {
    close_after_flush(std::move(why));
  } else {
    session_.connection().close(std::move(why));
  }
}

Status SessionLife::closed_by_peer() const {
  return Status(Code::kUnavailable,
                fmt::format("connection with {}: closed by the peer", session_.peer()),
                HandlerRan::kUnknown);
}

void SessionLife::end_handshake() {
  if (!dialed_) session_.core().end_handshake();
}

void SessionLife::begin_drain() {
  if (phase_ != Phase::kOpen) return;
  enter(Phase::kDraining);
  if (session_.has_protocol()) {
    tell_going_away();
    return;
  }
  // What the peer has to say may be on its way, and calls with it: it is told then.
  session_.read_clock();
  times_.note_finished();
  arm();
}

void SessionLife::tell_going_away() {
  times_.note_unfinished();
  session_.protocol().write_going_away(going_away().message(), session_.urgent());
  session_.wrote();
  session_.calls().refuse_held();
  session_.calls().tell_drain();
  session_.http_requests().tell_shutdown();
  check_finished();
}

void SessionLife::check_finished() {
  if (!session_.has_protocol() || phase_ >= Phase::kClosing || session_.calls().has_unanswered() ||
      session_.http_requests().waiting()) {
    return;
  }
  // Also an answer can say that nothing more will be read.
  if (requests_ended_ || session_.protocol().finished()) {
    close_after_flush(closed_by_peer());
  } else if (phase_ == Phase::kDraining && !times_.finished()) {
    session_.read_clock();
    times_.note_finished();
    arm();
  }
}

void SessionLife::stop(const Status& why) {
  if (phase_ == Phase::kClosed) return;
  std::shared_ptr<Session> self = session_.shared_from_this();
  bool asking = session_.http_requests().asking();
  bool has_last_words = phase_ == Phase::kClosing || session_.calls().has_held() ||
                        session_.calls().has_unanswered() || asking ||
                        session_.connection().paused();
  if (phase_ == Phase::kOpen) {
    enter(Phase::kDraining);
    session_.calls().tell_drain();
  }
  session_.calls().refuse_held();
  session_.calls().give_up(why);
  if (asking) session_.http_requests().give_up();
  session_.connection().flush();
  if (phase_ == Phase::kClosed) return;
  // A loop that has stopped carries nothing to the peer any more.
  if ((!has_last_words && session_.unsent() == 0) || session_.loop().io().stopped()) {
    session_.connection().close(why);
    return;
  }
  if (phase_ < Phase::kClosing) close_after_flush(why);
  if (phase_ == Phase::kClosed) return;
  session_.read_clock();
  times_.note_last_words();
  arm();
}

bool SessionLife::on_closed(const Status& why) {
  if (closed()) return false;
  bool spoken_to = session_.has_protocol();
  if (!spoken_to) end_handshake();
  if (phase_ < Phase::kClosing && !session_.connection().established()) {
    session_.serve_loop().counters().refuse(Refusal::kInsecure);
    session_.core().log().refusal(
        session_.peer(), Status(why.code(), session_.connection().error_text(), HandlerRan::kNo));
  }
  enter(Phase::kClosed);
  if (on_dialed_closed_) std::exchange(on_dialed_closed_, {})(spoken_to);
  session_.loop().cancel_timer(timer_);
  return true;
}

}  // namespace tern::serve
