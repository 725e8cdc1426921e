// One try to come to a server.
#pragma once

#include <memory>

#include "base/timer_queue.h"
#include "call/client_session.h"
#include "tern/dialer.h"
#include "tern/endpoint.h"
#include "tern/result.h"
#include "tern/status.h"

namespace tern::call {

// Threads: the loop's, without the channel's lock.
class ConnectAttemptUser {
 public:
  // The server is reached; the session has not been started.
  virtual void on_session_made(std::shared_ptr<ClientSession> session) = 0;
  // There is no session. The attempt is over.
  virtual void on_attempt_failed(const Status& why) = 0;
  // The time is over, and there is a session that the server has not accepted.
  virtual void on_no_answer(const Status& why) = 0;
  // Keeps the user, and the attempt with it, alive.
  virtual std::shared_ptr<void> keep_alive() noexcept = 0;

 protected:
  ~ConnectAttemptUser() = default;
};

// Dials, and makes a session of the stream. One time bounds both and the server's answer:
// ClientOptions::connect_timeout. It can be begun again when it is over.
// Threads: the loop's, without the channel's lock.
class ConnectAttempt {
 public:
  // `setup.user` is the user of the session.
  ConnectAttempt(const ClientSessionSetup& setup, const Endpoint& endpoint,
                 ConnectAttemptUser& user);
  ConnectAttempt(const ConnectAttempt&) = delete;
  ConnectAttempt& operator=(const ConnectAttempt&) = delete;
  ~ConnectAttempt();

  bool dialling() const noexcept { return dialling_ != nullptr; }
  // The user hears what comes of it, perhaps before this returns.
  void begin();
  // The server has accepted, or the session has been lost: the time no longer counts.
  void end() noexcept { timer_.cancel(); }
  // The user hears no more of it.
  void stop() noexcept;

 private:
  void dial();
  void on_dialed(Result<std::unique_ptr<ByteStream>> dialed);
  void on_timeout();
  void fail(const Status& why);

  // Constant.
  const ClientSessionSetup setup_;
  const Endpoint& endpoint_;
  const std::shared_ptr<Dialer> dialer_;
  ConnectAttemptUser& user_;

  std::unique_ptr<Dialer::Attempt> dialling_;
  base::Timer timer_;
};

}  // namespace tern::call
