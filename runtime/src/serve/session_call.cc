#include "serve/session_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/co_spawn.hpp>
#include <asio/dispatch.hpp>
#include <cstddef>
#include <utility>

#include "base/duration_text.h"
#include "serve/server_core.h"
#include "serve/session.h"

namespace tern::serve {

namespace {

// Says whose handler the loop is at.
class LoopOccupant {
 public:
  LoopOccupant(Counters& counters, const Method& method) : occupant_(counters.occupant) {
    occupant_.store(&method, std::memory_order_release);
  }
  LoopOccupant(const LoopOccupant&) = delete;
  LoopOccupant& operator=(const LoopOccupant&) = delete;
  ~LoopOccupant() { occupant_.store(nullptr, std::memory_order_release); }

 private:
  std::atomic<const Method*>& occupant_;
};

// What the caller learns of a failure that a handler answers with: its handler has run, whatever
// the failed call that it may come from says of another one.
Status from_handler(const Status& status) {
  if (status.ok()) {
    return Status(Code::kInternal, "the handler answered with success but without a value");
  }
  return status.handler_ran() == HandlerRan::kYes ? status
                                                  : status.with_handler_ran(HandlerRan::kYes);
}

// Asio begins a coroutine with a dispatch, and ends the process if that finds no memory. Each
// thread of its loops keeps the memory of its last ones: here it gets so much if it has not, or
// this throws std::bad_alloc.
void reserve_memory_to_start(const asio::any_io_executor& where) {
  std::array<std::byte, 128> as_large_as_that{};
  asio::dispatch(where, [as_large_as_that] { (void)as_large_as_that; });
}

}  // namespace

SessionCall::SessionCall() : deadline_timer_([this] { on_deadline(); }) {}

void SessionCall::begin(Session& session, const Route& route, const wire::Frame& frame,
                        Clock::TimePoint arrived, std::chrono::nanoseconds handle_timeout) {
  session_ = &session;
  route_ = &route;
  frame_ = &frame;
  id_ = frame.id;
  arrived_ = arrived;
  deadline_ = Clock::TimePoint::max();
  limit_kind_ = TimeLimit::kNone;
  references_ = 1;
  interceptors_started_ = 0;
  handler_began_ = false;
  state_ = State::kRuns;
  spawned_ = false;
  cancelled_.store(false, std::memory_order_relaxed);
  if (frame.timeout.count() > 0) {
    limit_kind_ = TimeLimit::kCaller;
    time_limit_ = frame.timeout;
  }
  if (handle_timeout.count() > 0 &&
      (limit_kind_ == TimeLimit::kNone || handle_timeout < time_limit_)) {
    limit_kind_ = TimeLimit::kHandleTimeout;
    time_limit_ = handle_timeout;
  }
  if (limit_kind_ != TimeLimit::kNone) deadline_ = saturating_add(arrived, time_limit_);
}

void SessionCall::set_stream(std::shared_ptr<stream::Stream> stream) {
  if (!stream) {
    extras_.reset();
    return;
  }
  extras().has_place = true;
  extras().stream = std::move(stream);
}

void SessionCall::run() {
  session_->serve_loop().counters().methods[route_->index].started.add();
  if (session_->last_time() >= deadline_) {
    session_->serve_loop().counters().refuse(Refusal::kDeadlineExceeded);
    fail(time_up().with_handler_ran(HandlerRan::kNo), session_->last_time());
    return;
  }
  try {
    runs_ = Runs::kCodec;
    if (!frame_->metadata.empty()) {
      Status failure = session_->protocol().read_metadata(*frame_, metadata_);
      if (!failure.ok()) {
        session_->serve_loop().counters().refuse(Refusal::kMalformedMetadata);
        fail(failure.with_handler_ran(HandlerRan::kNo), session_->read_clock());
        return;
      }
    }
    runs_ = Runs::kInterceptors;
    if (!session_->core().options().interceptors.empty() && !start_interceptors()) return;
    runs_ = Runs::kFactory;
    Service& service = route_->service ? *route_->service : session_->own_service(*route_);
    runs_ = Runs::kHandler;
    handler_began_ = true;
    LoopOccupant occupant(session_->serve_loop().counters(), *route_->method);
    service.dispatch(route_->position, *this);
  } catch (...) {
    send_current_exception();
  }
  frame_ = nullptr;
}

void SessionCall::watch_deadline() {
  if (deadline_ != Clock::TimePoint::max()) {
    session_->loop().start_timer(deadline_timer_, deadline_);
  }
}

void SessionCall::cancel_by_peer() {
  abandon(Status(Code::kCancelled, "the caller has cancelled the call"));
}

void SessionCall::abandon(const Status& why) {
  if (ended()) return;
  CallHold hold(*this);
  const State before = state_;
  finish_interceptors(why);
  end(why, session_->last_time());
  cancel_handler(before);
}

void SessionCall::give_up(const Status& why) {
  if (ended()) return;
  CallHold hold(*this);
  const State before = state_;
  fail(why, session_->read_clock());
  cancel_handler(before);
}

void SessionCall::on_deadline() {
  give_up(time_up());
}

// `before` the call got its outcome: the coroutine of one that had answered is done.
void SessionCall::cancel_handler(State before) noexcept {
  cancelled_.store(true, std::memory_order_release);
  UniqueFunction<void()> callback = std::move(on_cancel_);
  try {
    if (callback) callback();
  } catch (...) {
    // The handler's own affair; the call has its outcome.
  }
  try {
    if (spawned_ && before == State::kRuns) cancellation_.emit(asio::cancellation_type::terminal);
  } catch (...) {
    // No memory to tell it: it ends when what it waits for does.
  }
}

std::string_view SessionCall::peer() const noexcept {
  return session_->peer();
}

std::optional<std::chrono::nanoseconds> SessionCall::time_left() const noexcept {
  if (deadline_ == Clock::TimePoint::max()) return std::nullopt;
  return std::max(deadline_ - session_->loop().now(), Clock::Duration::zero());
}

void SessionCall::on_cancel(UniqueFunction<void()> callback) {
  if (cancelled()) {
    callback();
  } else {
    on_cancel_ = std::move(callback);
  }
}

ConnectionValues& SessionCall::connection() noexcept {
  return session_->values();
}

Channel* SessionCall::caller() noexcept {
  return session_->caller();
}

Loop& SessionCall::loop() noexcept {
  return session_->loop();
}

asio::any_io_executor SessionCall::executor() const noexcept {
  return session_->loop().io().get_executor();
}

asio::any_io_executor SessionCall::workers() const noexcept {
  return session_->core().workers(executor());
}

void SessionCall::send_reply(const TypeOps& type, const void* value) {
  if (extras_ && !tell_written(Status())) return;
  if (state_ >= State::kAnswered) {
    session_->serve_loop().counters().late_replies.add();
    return;
  }
  Clock::TimePoint now = session_->read_clock();
  if (now >= deadline_) {
    session_->serve_loop().counters().late_replies.add();
    fail(time_up(), now);
    return;
  }
  reply(type, value, now);
}

void SessionCall::send_error(const Status& status) {
  if (extras_ && !tell_written(status)) return;
  if (state_ >= State::kAnswered) {
    session_->serve_loop().counters().late_replies.add();
    return;
  }
  Clock::TimePoint now = session_->read_clock();
  if (now < deadline_) {
    fail(from_handler(status), now, Place::kBehindMessages);
  } else {
    fail(time_up(), now);
  }
}

void SessionCall::send_exception(std::string_view what) {
  const Status status = exception_status(thrower(), what);
  if (runs_ == Runs::kHandler || ended()) {
    send_error(status);
  } else {
    fail(status.with_handler_ran(HandlerRan::kNo), session_->read_clock());
  }
}

Status SessionCall::exception_status(std::string_view who, std::string_view what) {
  if (!ended()) session_->core().log_exception(who, method(), what);  // a cancelled one may throw
  return Status(Code::kInternal, session_->core().options().send_exception_text
                                     ? fmt::format("{} threw: {}", who, what)
                                     : fmt::format("{} threw an exception", who));
}

std::string_view SessionCall::thrower() const noexcept {
  switch (runs_) {
    case Runs::kInterceptors:
      return "an interceptor";
    case Runs::kFactory:
      return "the service's factory";
    case Runs::kCodec:
      return "the codec";
    case Runs::kHandler:
      break;
  }
  return "the handler";
}

bool SessionCall::decode_argument(const TypeOps& type, void* argument) {
  if (!frame_) {
    send_error(Status(Code::kInternal, "the argument was requested after its bytes were released"));
    return false;
  }
  runs_ = Runs::kCodec;
  Status failure = session_->protocol().read_body(*frame_, type, argument);
  runs_ = Runs::kHandler;
  memory_kept_ += session_->protocol().memory_kept();
  if (failure.ok()) return true;
  handler_began_ = false;
  session_->serve_loop().counters().refuse(Refusal::kMalformedArgument);
  Status status(
      Code::kInvalidArgument,
      fmt::format("the argument of {}.{}: {}", method().service, method().name, failure.message()),
      HandlerRan::kNo);
  fail(status, session_->read_clock());
  return false;
}

void SessionCall::spawn(asio::awaitable<void> handler) {
  asio::any_io_executor where = executor();
  reserve_memory_to_start(where);
  spawned_ = true;
  auto done = [](std::exception_ptr) {};  // run() lets nothing out
  asio::co_spawn(std::move(where), std::move(handler),
                 asio::bind_cancellation_slot(cancellation_.slot(), std::move(done)));
}

void SessionCall::retain() noexcept {
  if (++references_ == 2 && !keep_alive_) keep_alive_ = session_->shared_from_this();
}

void SessionCall::release() noexcept {
  // Of a stream's call that runs the session has a reference, too.
  if (state_ == State::kRuns && references_ == (own_stream() ? 2u : 1u)) drop();
  if (--references_ > 0) return;
  std::shared_ptr<Session> session = std::move(keep_alive_);
  if (memory_kept_ > 0) session_->protocol().give_back_memory(std::exchange(memory_kept_, 0));
  on_cancel_.reset();
  if (!metadata_.empty()) metadata_.clear();
  if (!reply_metadata_.empty()) reply_metadata_.clear();
  if (!values_.empty()) values_.clear();
  if (extras_) {
    const bool has_place = extras_->has_place;
    extras_.reset();
    if (method().kind != MethodKind::kUnary) {
      session_->stream_call_released(*this, has_place);
      return;
    }
  }
  session_->call_released(*this);
}

// The handler is gone without a reply.
void SessionCall::drop() noexcept {
  try {
    send_error(Status(Code::kInternal, "the handler gave no reply"));
  } catch (...) {
    end(Status(Code::kInternal, "no memory for the reply"), session_->last_time());
    session_->write_failed();
  }
}

bool SessionCall::start_interceptors() {
  InterceptedCall seen = intercepted();
  for (const std::shared_ptr<Interceptor>& one : session_->core().options().interceptors) {
    Status status = one->on_start(seen);
    if (!status.ok()) {
      fail(status.with_handler_ran(HandlerRan::kNo), session_->read_clock());
      return false;
    }
    ++interceptors_started_;
  }
  if (own_stream()) watch_messages();
  return true;
}

void SessionCall::finish_interceptors(const Status& outcome) noexcept {
  if (interceptors_started_ == 0) return;
  InterceptedCall seen = intercepted();
  const auto& all = session_->core().options().interceptors;
  while (interceptors_started_ > 0) all[--interceptors_started_]->on_finish(seen, outcome);
}

InterceptedCall SessionCall::intercepted() {
  return {method(),   InterceptedCall::Side::kServer, peer(), metadata_, reply_metadata_, values_,
          time_left()};
}

Status SessionCall::time_up() const {
  if (limit_kind_ == TimeLimit::kHandleTimeout) {
    return Status(Code::kDeadlineExceeded,
                  fmt::format("rpc server: request handle timeout: expect within {}",
                              base::duration_text(time_limit_)));
  }
  return Status(Code::kDeadlineExceeded,
                fmt::format("{}.{}: the caller's deadline of {} passed before the reply",
                            method().service, method().name, base::duration_text(time_limit_)));
}

void SessionCall::reply(const TypeOps& type, const void* value, Clock::TimePoint now) {
  wire::ReplyHead head;
  head.id = id_;
  head.method = route_->method;
  head.metadata = reply_metadata_.empty() ? nullptr : &reply_metadata_;
  if (extras_) send_initial_metadata();
  const bool behind = extras_ && answers_behind_messages();
  head.ends_stream = behind;
  Buffer& out = behind ? extras_->stream->begin_end() : session_->outbox().messages();
  std::size_t start = out.size();
  Status failure;
  try {
    failure = session_->protocol().write_reply(head, type, value, out);
    if (failure.ok() && interceptors_started_ > 0) {
      // They may still change the metadata, which stands before the body.
      std::uint32_t changes = reply_metadata_.changes();
      finish_interceptors(failure);
      if (session_->protocol().has_metadata() && reply_metadata_.changes() != changes) {
        out.truncate(start);
        head.metadata = reply_metadata_.empty() ? nullptr : &reply_metadata_;
        failure = session_->protocol().write_reply(head, type, value, out);
      }
    }
    if (failure.ok() && !behind) session_->outbox().end_message(id_, start);
  } catch (...) {
    out.truncate(start);
    failure = Status(Code::kInternal, "the codec threw an exception");
  }
  if (!failure.ok()) {
    fail(Status(failure.code() == Code::kResourceExhausted ? failure.code() : Code::kInternal,
                fmt::format("the reply of {}.{}: {}", method().service, method().name,
                            failure.message())),
         now, Place::kBehindMessages);
    return;
  }
  if (behind) {
    set_answered(failure);
    return;
  }
  end(failure, now);
  session_->wrote();
}

void SessionCall::fail(const Status& status, Clock::TimePoint now, Place place) {
  finish_interceptors(status);
  wire::ReplyHead head;
  head.id = id_;
  head.method = route_->method;
  head.metadata = reply_metadata_.empty() ? nullptr : &reply_metadata_;
  if (extras_) send_initial_metadata();
  const bool behind = place == Place::kBehindMessages && extras_ && answers_behind_messages();
  head.ends_stream = behind;
  Buffer& out = behind ? extras_->stream->begin_end() : session_->outbox().messages();
  std::size_t start = out.size();
  try {
    session_->protocol().write_error(head, status, out);
    if (!behind) session_->outbox().end_message(id_, start);
  } catch (...) {
    out.truncate(start);
    end(status, now);
    session_->write_failed();
    return;
  }
  if (behind) {
    set_answered(status);
    return;
  }
  end(status, now);
  session_->wrote();
}

void SessionCall::end(const Status& outcome, Clock::TimePoint now) {
  state_ = State::kEnded;
  session_->serve_loop().counters().methods[route_->index].finish(now - arrived_, outcome.code());
  if (deadline_timer_.waiting()) session_->loop().cancel_timer(deadline_timer_);
  if (own_stream()) {
    end_stream(outcome);
    return;
  }
  session_->call_ended(*this);
}

}  // namespace tern::serve
