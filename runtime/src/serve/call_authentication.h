// Who makes a call: what its server's authenticator says of it, now or later.
#pragma once

#include <memory>

#include "serve/questions.h"
#include "serve/server_gate.h"
#include "tern/result.h"
#include "wire/frame.h"

namespace tern::serve {

class Dispatch;
class Session;
class SessionCall;

// A part of its call's dispatch, and used again as that is. Threads: the loop's.
class CallAuthentication {
 public:
  CallAuthentication(SessionCall& call, Dispatch& dispatch) noexcept;
  CallAuthentication(const CallAuthentication&) = delete;
  CallAuthentication& operator=(const CallAuthentication&) = delete;
  ~CallAuthentication();

  // Asks the authenticator, and tells the dispatch what it says. If it does not say it at once, the
  // request is copied and the call holds itself, until the answer or stop_waiting(). The server's
  // gate is closed. Throws std::bad_alloc.
  void ask(Session& session, const wire::Frame& request);
  bool waits() const noexcept { return waiting_ != nullptr; }
  // No answer is wanted any more; the call lets go of itself. It waits().
  void stop_waiting() noexcept;

 private:
  class Waiting;

  void wait(Session& session, Questions::Ticket ticket, const wire::Frame& request);
  void on_answer(Result<Admitted> answer);

  SessionCall& call_;
  Dispatch& dispatch_;
  std::unique_ptr<Waiting> waiting_;
};

}  // namespace tern::serve
