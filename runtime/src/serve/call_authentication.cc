#include "serve/call_authentication.h"

#include <fmt/format.h>

#include <utility>
#include <variant>

#include "serve/dispatch.h"
#include "serve/kept_frame.h"
#include "serve/server_core.h"
#include "serve/session.h"
#include "serve/session_call.h"
#include "serve/waiting_bytes.h"

namespace tern::serve {

// A request that the authenticator has not answered yet.
class CallAuthentication::Waiting {
 public:
  // Throws std::bad_alloc. Null: there is no room.
  static std::unique_ptr<Waiting> keep(Session& session, Questions::Ticket ticket,
                                       const wire::Frame& request) {
    std::unique_ptr<Waiting> kept(new Waiting(session, std::move(ticket), request));
    const std::size_t bytes = sizeof(Waiting) + kept->request_.bytes.capacity();
    return kept->bytes_.take(bytes) ? std::move(kept) : nullptr;
  }

  const wire::Frame& request() const noexcept { return request_.frame; }

 private:
  // The metadata has been read.
  Waiting(Session& session, Questions::Ticket ticket, const wire::Frame& request)
      : ticket_(std::move(ticket)), request_(request, KeptFrame::Keep::kBody), bytes_(session) {}

  Questions::Ticket ticket_;
  KeptFrame request_;
  WaitingBytes bytes_;
};

CallAuthentication::CallAuthentication(SessionCall& call, Dispatch& dispatch) noexcept
    : call_(call), dispatch_(dispatch) {}

CallAuthentication::~CallAuthentication() = default;

void CallAuthentication::ask(Session& session, const wire::Frame& request) {
  Credentials credentials = session.credentials(call_.metadata());
  credentials.method = dispatch_.asked_for();
  const Access& access = credentials.method ? credentials.method->access : call_.method().access;
  Questions::Asked asked = session.questions().ask(
      credentials, access, [this](Result<Admitted> answer) { on_answer(std::move(answer)); });
  if (call_.ended()) return;
  if (auto* ticket = std::get_if<Questions::Ticket>(&asked)) {
    wait(session, std::move(*ticket), request);
  } else {
    dispatch_.on_admission(std::get<Result<Admitted>>(std::move(asked)));
  }
}

void CallAuthentication::wait(Session& session, Questions::Ticket ticket,
                              const wire::Frame& request) {
  std::unique_ptr<Waiting> waiting = Waiting::keep(session, std::move(ticket), request);
  if (!waiting) {
    dispatch_.refuse(
        Refusal::kTooManyCalls,
        Status(Code::kResourceExhausted,
               fmt::format("server: requests of the connection wait for the "
                           "authenticator, with no more than {} bytes together, which is "
                           "the limit (Limits::held_bytes)",
                           session.core().options().limits.held_bytes),
               HandlerRan::kNo));
    return;
  }
  dispatch_.hold_messages();
  waiting_ = std::move(waiting);
  call_.retain();
}

void CallAuthentication::stop_waiting() noexcept {
  waiting_.reset();
  call_.release();
}

void CallAuthentication::on_answer(Result<Admitted> answer) {
  {
    const std::unique_ptr<Waiting> waiting = std::move(waiting_);
    dispatch_.on_late_admission(waiting->request(), std::move(answer));
  }
  call_.release();
}

}  // namespace tern::serve
