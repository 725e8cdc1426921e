// How near a session's end is.
#pragma once

#include <cstdint>

#include "base/timer_queue.h"
#include "serve/refusal.h"
#include "serve/session_times.h"
#include "tern/clock.h"
#include "tern/function.h"
#include "tern/server.h"
#include "tern/status.h"

namespace tern::serve {

class Session;

// Ends the session when the peer leaves, breaks the protocol or a limit, lets a time pass, or when
// the server stops. Threads: the loop's.
class SessionLife {
 public:
  // There is no way back.
  enum class Phase : std::uint8_t {
    kOpen,      // requests are taken
    kDraining,  // the peer has been told, or will be when it has said its Option; none are taken
    kClosing,   // nothing is read; the connection closes once what is queued has been written
    kClosed
  };

  // `options` outlive this.
  SessionLife(Session& session, const ServerOptions& options, Clock::TimePoint now);
  SessionLife(const SessionLife&) = delete;
  SessionLife& operator=(const SessionLife&) = delete;

  Phase phase() const noexcept { return phase_; }
  bool closed() const noexcept { return phase_ == Phase::kClosed; }
  // Whether it ends when its calls have: so each end of a call matters.
  bool ends_when_done() const noexcept { return phase_ == Phase::kDraining || requests_ended_; }
  SessionTimes& times() noexcept { return times_; }
  const SessionTimes& times() const noexcept { return times_; }

  // --- The beginning ---

  // The server has dialed the connection: the client's first word may take as long as it likes.
  void set_dialed() noexcept { dialed_ = true; }
  // `on_closed`: whether the client has said anything until then.
  void set_on_closed(UniqueFunction<void(bool spoken_to)> on_closed) noexcept {
    on_dialed_closed_ = std::move(on_closed);
  }
  // It was accepted, or was not.
  void end_handshake();

  // --- Time ---

  // Something may be due earlier than before.
  void arm();

  // --- The end ---

  // See Session.
  void begin_drain();
  void stop(const Status& why);
  // The peer has said who it is, and is to hear that the server goes away.
  void tell_going_away();
  // The end, for a reason that is counted and logged.
  void refuse_connection(Refusal reason, Status why);
  // Closes when all that was asked for is answered and nothing more can come, or is wanted.
  void check_finished();
  // The peer asks for no more, and says so in its protocol.
  void note_requests_ended() noexcept { requests_ended_ = true; }
  // The peer has closed its side. False: the connection is to close at once.
  bool on_end();
  // The connection has closed. False: that was known.
  bool on_closed(const Status& why);

  // Whether the peer must be asked for, since it is not read from.
  bool watches() const noexcept;

 private:
  // The only place where the phase changes.
  void enter(Phase next) noexcept;
  // The way into Phase::kClosing.
  void close_after_flush(Status why);
  // Nobody waits for the calls. The peer is sent what is on its way already.
  void peer_left();
  bool peer_has_left() noexcept;
  Status closed_by_peer() const;

  SessionTimes::Stage stage() const noexcept;
  void on_timer();
  // Whether something is to be done for the peer, or has begun.
  bool busy() const noexcept;
  bool answers_come() noexcept;

  Session& session_;
  Phase phase_ = Phase::kOpen;
  bool dialed_ = false;          // how it began; as it is since the start
  bool requests_ended_ = false;  // the peer's side of the end; ours, the phase, may come first
  UniqueFunction<void(bool)> on_dialed_closed_;
  SessionTimes times_;
  // That the peer has sent to calls of this side; but for a constant.
  std::uint64_t answered_bytes_ = 0;
  base::Timer timer_;
};

}  // namespace tern::serve
