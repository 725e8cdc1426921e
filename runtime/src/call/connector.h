// How a channel comes to its connection, and what becomes of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/backoff.h"
#include "base/guarded.h"
#include "base/log_throttle.h"
#include "base/timer_queue.h"
#include "call/client_session.h"
#include "call/client_sessions.h"
#include "call/connect_attempt.h"
#include "call/connect_state.h"
#include "call/connection_reports.h"
#include "call/connectivity_listener.h"
#include "call/ping_patience.h"
#include "call/tokens.h"
#include "net/loop.h"
#include "tern/client.h"
#include "tern/codegen/call_state.h"
#include "tern/endpoint.h"

namespace tern::call {

// The channel above. Threads: the loop's; without the lock, unless one is given.
class ConnectorUser {
 public:
  // The handshake with the server has begun: calls that fail fast can go with it. The session
  // starts after this.
  virtual void on_session(ClientSession& session) = 0;
  // The server has accepted the handshake: all calls can go.
  virtual void on_ready(ClientSession& session) = 0;
  // The attempt has failed: calls that fail fast end; the next attempt comes after `wait`.
  virtual void on_connect_failed(const Status& why, Clock::Duration wait) = 0;
  // Whether a call waits for the next attempt.
  virtual bool has_waiting_calls(const base::MutexLock& lock) const noexcept = 0;
  // The pool has been destroyed first.
  virtual void on_pool_gone() = 0;
  // Keeps the user, and the connector with it, alive. Any thread.
  virtual std::shared_ptr<void> keep_alive() noexcept = 0;

 protected:
  ~ConnectorUser() = default;
};

// What a channel shares with its connector, and what outlives it.
struct ConnectorSetup {
  Loop& loop;
  std::mutex& mutex;  // the channel's
  const ClientOptions& options;
  const std::string& address;
  base::LogThrottle& log;
  ConnectorUser& user;
};

// Makes an attempt to connect, waits for the handshake, and backs off after a failure. It keeps the
// session that takes new calls, and those of servers that go away until their last call has ended.
// When a connection is lost, the next one is made for the next call. Threads: as each part says.
class Connector final : private ClientSessionUser,
                        private ConnectAttemptUser,
                        private TokensUser,
                        private LoopEndListener {
 public:
  using State = ConnectState::Value;

  Connector(const ConnectorSetup& setup, const Result<Endpoint>& endpoint);
  Connector(const Connector&) = delete;
  Connector& operator=(const Connector&) = delete;
  ~Connector();

  // --- Any thread, without the lock ---

  // Connects now, and waits for the outcome.
  Status connect();
  // Begins to connect in kIdle.
  void connect_soon();
  bool connected() const;
  // What leave_idle() has asked for. Keeps the user alive until it is done.
  void post_dial();

  // --- Any thread, with the lock ---

  // Why the call can neither go to a session nor wait for one. Or OK.
  Status why_not(const base::MutexLock& lock, const StartedCall& call, bool wait_for_ready) const {
    return unusable_.ok() && takes_calls(lock) ? Status() : why_refused(lock, call, wait_for_ready);
  }
  // In kReady, unless its session is being left: then calls wait, and nobody has to dial for them.
  bool takes_calls(const base::MutexLock& lock) const {
    return state(lock) == State::kReady && !sessions(lock).current()->queue(lock).is_being_left();
  }
  State state(const base::MutexLock& lock) const noexcept { return shared_.with(lock).state; }
  const ClientSessions& sessions(const base::MutexLock& lock) const noexcept {
    return shared_.with(lock).sessions;
  }
  // Where calls go, in kHandshaking and kReady.
  ClientSession& session(const base::MutexLock& lock) noexcept {
    return *shared_.with(lock).sessions.current();
  }
  // From kIdle to kConnecting: a post_dial() must follow.
  void leave_idle(const base::MutexLock& lock) noexcept;
  // Of the last attempt, if that has failed; or OK.
  const Status& last_failure(const base::MutexLock& lock) const noexcept {
    return shared_.with(lock).last_failure;
  }
  // To kClosed; a shut_down() must follow. The first reason counts.
  void close(const base::MutexLock& lock, const Status& why);
  void add_to(const base::MutexLock& lock, ClientStats& stats) const;

  // --- The loop's thread, without the lock ---

  // Before anything else. From then on an attempt that has failed is followed by the next one,
  // whether or not a call waits.
  void set_listener(std::weak_ptr<ConnectivityListener> listener) {
    reports_.set_listener(std::move(listener));
  }
  // See ClientChannel::renew_token().
  void renew_token(std::uint64_t seen, UniqueFunction<void(const Status&)> done);
  // Any thread.
  std::uint64_t token_number() const noexcept { return tokens_ ? tokens_->number() : 0; }
  // See ClientChannel::ping().
  void ping(UniqueFunction<void(Status)> done);
  // In kClosed: ends the attempt and the sessions.
  void shut_down(const Status& why);
  // Ends the calls that are left here, if the loop has ended before it could do so.
  void abandon(const Status& why);

 private:
  struct Shared {
    ConnectState state;
    Status why_closed;
    bool watches_loop = false;
    ClientSessions sessions;  // a current one in kHandshaking and kReady
    std::vector<CallRef> connect_waiters;
    Status last_failure;
    Clock::TimePoint next_attempt{};
    std::uint64_t connects = 0;
    std::uint64_t failures = 0;
    StrayReplies strays;  // of the sessions that have ended
  };

  Status why_refused(const base::MutexLock& lock, const StartedCall& call,
                     bool wait_for_ready) const;
  void begin_attempt();
  // Behind the end of a session that took calls.
  void begin_for_waiting();
  void back_off(const Status& why);
  void on_backoff_over();
  void answer_connect_waiters(const Status& status);
  bool drain(ClientSession& session);

  void on_session_made(std::shared_ptr<ClientSession> session) override;
  void on_attempt_failed(const Status& why) override { back_off(why); }
  void on_no_answer(const Status& why) override;

  void on_token(const Result<std::string>& token) override;
  bool on_no_token(const Status& why) override;

  void on_ready(ClientSession& session) override;
  void on_going_away(ClientSession& session) override;
  void on_too_many_pings() override;
  void on_stream_answered(ClientSession& session) override;
  void on_leaving(ClientSession& session) override;
  void on_unreadable(ClientSession& session, const Status& why) override;
  void on_lost(ClientSession& session, const Status& why) override;
  std::shared_ptr<void> keep_alive() noexcept override { return setup_.user.keep_alive(); }
  void on_loop_end() override { setup_.user.on_pool_gone(); }

  // Constant.
  const ConnectorSetup setup_;
  const Endpoint endpoint_;
  const Status unusable_;  // why no connection can be made: the address or the codec; or OK

  // The loop's thread.
  ConnectionReports reports_;
  PingPatience patience_;
  ConnectAttempt attempt_;
  const std::unique_ptr<Tokens> tokens_;  // null: the client does not say who it is
  base::Timer backoff_timer_;
  base::BackoffSchedule backoff_;

  base::Guarded<Shared> shared_;
};

}  // namespace tern::call
