#include "serve/dispatch.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "serve/find_target.h"
#include "serve/loop_occupant.h"
#include "serve/server_core.h"
#include "serve/session.h"
#include "serve/session_call.h"

namespace tern::serve {

inline void Dispatch::start_here(Session& session, Admitted admitted) {
  call_.set_identity(std::move(admitted).take_identity());
  at_ = At::kInterceptors;
  if (!session.core().options().interceptors.empty() && !start_interceptors()) return;
  at_ = At::kFactory;
  const Route& route = call_.route();
  Service& service = route.service ? *route.service : session.own_service(route);
  at_ = At::kHandler;
  handler_began_ = true;
  LoopOccupant occupant(session.serve_loop().counters(), *route.method);
  service.dispatch(route.position, call_);
}

void Dispatch::run() {
  Session& session = call_.session();
  session.serve_loop().counters().methods[call_.route().index].started.add();
  if (call_.limit().over(session.last_time())) {
    refuse_late(session.last_time());
    return;
  }
  try {
    at_ = At::kCodec;
    if (!request_->metadata.empty()) {
      Status failure = session.protocol().read_metadata(*request_, call_.request_metadata());
      if (!failure.ok()) {
        refuse(Refusal::kMalformedMetadata, failure.with_handler_ran(HandlerRan::kNo));
        return;
      }
    }
    const Access& access = call_.route().method->access;
    if (std::optional<Admitted> open = session.core().gate().accept_unasked(access)) {
      start_here(session, *std::move(open));
    } else {
      at_ = At::kAuthenticator;
      authentication_.ask(session, *request_);
    }
  } catch (...) {
    call_.send_current_exception();
  }
  request_ = nullptr;
}

void Dispatch::start(Admitted admitted) {
  if (const Unserved* unserved = call_.unserved()) {
    fail_unserved(*unserved);
  } else {
    start_here(call_.session(), std::move(admitted));
  }
}

bool Dispatch::start_interceptors() {
  Session& session = call_.session();
  Interception& interception = call_.interception();
  Status refused = interception.start(session.core().options().interceptors);
  if (!refused.ok()) {
    call_.fail(refused.with_handler_ran(HandlerRan::kNo), session.read_clock());
    return false;
  }
  stream::Stream* stream = call_.own_stream();
  if (!stream) return true;
  interception.watch(*stream);
  refused = interception.tell_held();
  if (refused.ok()) return !call_.ended();
  if (!call_.ended()) call_.fail(refused, session.read_clock());
  return false;
}

std::string_view Dispatch::thrower() const noexcept {
  switch (at_) {
    case At::kAuthenticator:
      return "the way to the authenticator";
    case At::kInterceptors:
      return "an interceptor";
    case At::kFactory:
      return "the service's factory";
    case At::kCodec:
      return "the codec";
    case At::kHandler:
      break;
  }
  return "the handler";
}

// --- Those that do not come to their handler ---

void Dispatch::refuse(Refusal reason, const Status& why) {
  Session& session = call_.session();
  session.serve_loop().counters().refuse(reason);
  call_.fail(why, session.read_clock());
}

void Dispatch::refuse_late(Clock::TimePoint now) {
  Session& session = call_.session();
  const Method& method = call_.method();
  const bool known = session.core().gate().accept_unasked(method.access).has_value();
  session.serve_loop().counters().refuse(Refusal::kDeadlineExceeded);
  call_.fail(call_.limit().outcome(known ? &method : nullptr).with_handler_ran(HandlerRan::kNo),
             now);
}

// `unserved` ends with the call.
void Dispatch::fail_unserved(const Unserved& unserved) {
  Session& session = call_.session();
  session.serve_loop().counters().refuse(unserved.reason);
  const Status why = unserved_status(session, call_.id(), unserved);
  call_.fail_as(unserved.method, why.with_handler_ran(HandlerRan::kNo), session.read_clock());
}

// --- The authenticator ---

const Method* Dispatch::asked_for() const noexcept {
  const Unserved* unserved = call_.unserved();
  return unserved ? unserved->method : &call_.method();
}

void Dispatch::on_admission(Result<Admitted> answer) {
  if (answer.ok()) {
    start(*std::move(answer));
  } else {
    refuse(refusal_of(answer.status()), answer.status());
  }
}

void Dispatch::on_late_admission(const wire::Frame& request, Result<Admitted> answer) {
  request_ = &request;
  const Clock::TimePoint now = call_.session().read_clock();
  try {
    if (call_.limit().over(now)) {
      refuse_late(now);
    } else {
      on_admission(std::move(answer));
    }
  } catch (...) {
    call_.send_current_exception();
  }
  request_ = nullptr;
}

void Dispatch::hold_messages() {
  if (stream::Stream* stream = call_.own_stream()) {
    call_.interception().hold(call_.session().core().options().interceptors, *stream);
  }
}

// --- The argument ---

void Dispatch::give_back_memory() noexcept {
  call_.session().protocol().give_back_memory(std::exchange(memory_kept_, 0));
}

bool Dispatch::read_argument(const TypeOps& type, void* argument) {
  if (!request_) {
    call_.send_error(
        Status(Code::kInternal, "the argument was requested after its bytes were released"));
    return false;
  }
  Session& session = call_.session();
  at_ = At::kCodec;
  Status failure = session.protocol().read_body(*request_, type, argument);
  at_ = At::kHandler;
  memory_kept_ += session.protocol().memory_kept();
  if (failure.ok()) return true;
  handler_began_ = false;
  refuse_argument(failure);
  return false;
}

void Dispatch::refuse_argument(const Status& failure) {
  const bool too_long = failure.code() == Code::kResourceExhausted;
  const Method& method = call_.method();
  refuse(too_long ? Refusal::kMessageTooLarge : Refusal::kMalformedArgument,
         Status(too_long ? failure.code() : call_.session().protocol().unreadable(call_.id()),
                fmt::format("the argument of {}.{}: {}", method.service, method.name,
                            failure.message()),
                HandlerRan::kNo));
}

}  // namespace tern::serve
