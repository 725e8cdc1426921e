#include "serve/session_calls.h"

#include <fmt/format.h>

#include <exception>
#include <stdexcept>
#include <utility>

#include "serve/find_target.h"
#include "serve/server_core.h"
#include "serve/session.h"
#include "serve/session_call.h"

namespace tern::serve {

SessionCalls::~SessionCalls() = default;

// --- Requests ---

void SessionCalls::on_request(const wire::Frame& frame) {
  if (frame.opens_stream) streams_.note(frame.id);
  if (!frame.refused.ok()) {
    const bool too_long = frame.limit != wire::FrameLimit::kNone;
    refuse(frame, nullptr, too_long ? refusal_of(frame.limit) : Refusal::kWrongKindOfCall,
           frame.refused);
    return;
  }
  if (session_.draining()) {
    refuse(frame, nullptr, Refusal::kGoingAway, going_away());
    return;
  }
  if (running_.find(frame.id) || (held_ && held_->has(frame.id)) || streams_.has(frame.id)) {
    refuse(frame, nullptr, Refusal::kIdInUse,
           Status(Code::kInvalidArgument,
                  fmt::format("request {}: a call with this id still runs", frame.id)));
    return;
  }
  // What most are: unary calls, by the id of their method.
  const Route* route =
      frame.method_id != 0 ? session_.core().router().find(frame.method_id) : nullptr;
  std::unique_ptr<Unserved> unserved;
  if (!route || frame.opens_stream || route->method->kind != MethodKind::kUnary) {
    Target target = find_target(session_, frame);
    route = target.route;
    unserved = std::move(target.unserved);
  }
  if (unserved && tells_everybody(session_.core().gate(), *unserved)) {
    refuse(frame, unserved->method, unserved->reason,
           unserved_status(session_, frame.id, *unserved));
    return;
  }
  Clock::TimePoint arrived = session_.times().arrived();
  if (route->method->kind != MethodKind::kUnary) {
    return streams_.start(*route, frame, arrived, std::move(unserved));
  }
  if (held_ || full()) {
    hold(*route, frame, arrived);
  } else {
    start_call(*route, frame, arrived, std::move(unserved));
  }
}

bool SessionCalls::full() const noexcept {
  return slots_.get() >= session_.core().options().limits.calls_in_flight;
}

void SessionCalls::hold(const Route& route, const wire::Frame& frame, Clock::TimePoint arrived) {
  const Limits& limits = session_.core().options().limits;
  if (!held_) held_ = std::make_unique<HeldRequests>();
  if (held_->bytes() + waiting_bytes_ < limits.held_bytes) {
    held_->push(route, frame,
                session_.core().router().is_nowhere(route) ? KeptFrame::Keep::kAll
                                                           : KeptFrame::Keep::kBodyAndMetadata,
                arrived);
    return;
  }
  if (held_->empty()) held_.reset();  // the limit is 0
  refuse(frame, nullptr, Refusal::kTooManyCalls,
         Status(Code::kResourceExhausted,
                fmt::format("server: {} calls of the connection run, which is the limit, and no "
                            "more than {} bytes of requests wait for them",
                            limits.calls_in_flight, limits.held_bytes)));
}

void SessionCalls::start_held() {
  while (held_ && !full() && !session_.congested()) {
    HeldRequests::Request next = held_->pop();
    if (held_->empty()) held_.reset();
    // Why it leads nowhere is found out again: few do, and fewer wait.
    Target target;
    if (session_.core().router().is_nowhere(*next.route)) {
      target = find_target(session_, next.kept.frame);
    }
    start_call(*next.route, next.kept.frame, next.arrived, std::move(target.unserved));
  }
}

void SessionCalls::refuse_held() {
  while (held_) {
    HeldRequests::Request next = held_->pop();
    if (held_->empty()) held_.reset();
    refuse(next.kept.frame, nullptr, Refusal::kGoingAway, going_away());
  }
}

void SessionCalls::refuse(const wire::Frame& frame, const Method* method, Refusal reason,
                          Status why) {
  session_.serve_loop().counters().refuse(reason);
  wire::ReplyHead head;
  head.id = frame.id;
  head.method = method;
  net::Outbox& outbox = session_.outbox();
  Buffer& out = outbox.messages();
  std::size_t start = out.size();
  session_.protocol().write_error(head, why.with_handler_ran(HandlerRan::kNo), out);
  outbox.end_message(frame.id, start);
  session_.wrote();
}

// --- Those that wait for the authenticator ---

// Besides the requests that wait for others to be done; one can always wait.
bool SessionCalls::begin_wait(std::size_t bytes) noexcept {
  const std::size_t held = waiting_bytes_ + (held_ ? held_->bytes() : 0);
  if (waiting_ > 0 && held + bytes > session_.core().options().limits.held_bytes) return false;
  ++waiting_;
  waiting_bytes_ += bytes;
  return true;
}

void SessionCalls::end_wait(std::size_t bytes) noexcept {
  --waiting_;
  waiting_bytes_ -= bytes;
  if (!session_.closed() && (held_ || session_.connection().paused())) {
    session_.schedule_after_turn();
  }
}

// --- Unary calls ---

void SessionCalls::start_call(const Route& route, const wire::Frame& frame,
                              Clock::TimePoint arrived, std::unique_ptr<Unserved> unserved) {
  ServeLoop& serve_loop = session_.serve_loop();
  SessionCall& call = serve_loop.calls().take();
  AdaptiveLimit* limit = session_.core().adaptive_limit(route);
  if (limit && !limit->try_begin(route.index, session_.read_clock())) {
    serve_loop.calls().give(call);
    refuse(
        frame, nullptr, Refusal::kOverAdaptiveLimit,
        Status(Code::kResourceExhausted,
               fmt::format("server: overloaded; {} calls run, and no more than {} may at present",
                           limit->running(), limit->limit())));
    return;
  }
  call.begin(session_, route, frame, arrived, handle_timeout_);
  if (unserved) call.set_unserved(std::move(unserved));
  slots_.add();
  call.run();
  if (call.held_by_handler() && !call.ended()) {
    try {
      running_.insert(call);
      call.watch_deadline();
    } catch (const std::exception&) {
      call.give_up(Status(Code::kResourceExhausted, "no memory for one more running call"));
    }
  }
  call.release();
}

Service& SessionCalls::own_service(const Route& route) {
  const Router& router = session_.core().router();
  if (own_services_.empty()) own_services_.resize(router.factories());
  std::unique_ptr<Service>& service = own_services_[route.factory];
  if (!service) service = router.make(route.factory);
  if (!service) throw std::runtime_error("the factory made no service for this connection");
  return *service;
}

void SessionCalls::call_ended(SessionCall& call) noexcept {
  running_.remove(call);
  if (session_.life().ends_when_done() || session_.connection().paused()) {
    session_.schedule_after_turn();
  }
}

void SessionCalls::call_released(SessionCall& call) noexcept {
  if (AdaptiveLimit* limit = session_.core().adaptive_limit(call.route())) {
    limit->end(call.route().index, session_.read_clock(),
               call.handler_began() ? AdaptiveLimit::Ran::kHandler : AdaptiveLimit::Ran::kNothing);
  }
  session_.serve_loop().calls().give(call);
  slots_.subtract();
  if (slots_.get() == 0) {
    running_.trim();
    session_.times().note_activity();
  }
  if (held_ || session_.connection().paused()) session_.schedule_after_turn();
}

// --- Streams ---

void SessionCalls::on_stream_frame(const wire::Frame& frame) {
  if (streams_.receive(frame)) return;
  streams_.on_unknown(frame, running_.find(frame.id) != nullptr);
}

void SessionCalls::stream_ended() noexcept {
  session_.times().note_activity();
  if (session_.life().ends_when_done() || session_.connection().paused() ||
      session_.protocol().finished()) {
    session_.schedule_after_turn();
  }
}

void SessionCalls::stream_call_released(SessionCall& call, bool has_place) noexcept {
  session_.serve_loop().calls().give(call);
  if (has_place) streams_.streams().give_back();
  session_.times().note_activity();
}

// --- The end ---

bool SessionCalls::cancel(std::uint64_t id) {
  if (SessionCall* call = running_.find(id)) {
    call->cancel_by_peer();
    return true;
  }
  SessionStreams* streams = streams_.opened();
  return streams && streams->cancel(id);
}

bool SessionCalls::cancel_held(std::uint64_t id) noexcept {
  if (!held_ || !held_->remove(id)) return false;
  if (held_->empty()) held_.reset();
  return true;
}

void SessionCalls::tell_drain() {
  std::vector<SessionCall*> waiting;
  running_.add_waiting_for_drain(waiting);
  if (SessionStreams* streams = streams_.opened()) streams->add_waiting_for_drain(waiting);
  for (SessionCall* call : waiting) {
    call->tell_drain();
    call->release();
  }
}

void SessionCalls::abandon(const Status& why) {
  held_.reset();
  if (SessionStreams* streams = streams_.opened()) streams->abandon_all(why);
  std::size_t bucket = 0;
  while (SessionCall* call = running_.next(bucket)) call->abandon(why);
}

void SessionCalls::give_up(const Status& why) {
  if (SessionStreams* streams = streams_.opened()) streams->give_up_all(why);
  std::size_t bucket = 0;
  while (SessionCall* call = running_.next(bucket)) call->give_up(why);
}

// --- For people ---

void SessionCalls::describe(Clock::TimePoint now, debug_pages::ConnectionSnapshot& seen) const {
  seen.calls_running = slots_.get();
  streams_.describe(now, seen);
}

}  // namespace tern::serve
