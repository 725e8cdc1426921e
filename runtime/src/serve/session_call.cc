#include "serve/session_call.h"

#include <fmt/format.h>

#include <utility>

#include "serve/server_core.h"
#include "serve/session.h"
#include "serve/session_streams.h"
#include "serve/spawn_handler.h"
#include "tern/stream.h"

namespace tern::serve {

namespace {

// What the caller learns of a failure that a handler answers with: its handler has run, whatever
// the failed call that it may come from says of another one.
Status from_handler(const Status& status) {
  if (status.ok()) {
    return Status(Code::kInternal, "the handler answered with success but without a value");
  }
  return status.handler_ran() == HandlerRan::kYes ? status
                                                  : status.with_handler_ran(HandlerRan::kYes);
}

}  // namespace

SessionCall::SessionCall() : deadline_timer_([this] { on_deadline(); }) {}

void SessionCall::begin(Session& session, const Route& route, const wire::Frame& frame,
                        Clock::TimePoint arrived, std::chrono::nanoseconds handle_timeout) {
  dispatch_.begin(frame);
  id_ = frame.id;
  arrived_ = arrived;
  references_ = 1;
  state_ = State::kRuns;
  spawned_ = false;
  interception_.begin();
  begin_context(session, route, arrived, frame.timeout, handle_timeout);
}

void SessionCall::set_stream(std::shared_ptr<stream::Stream> stream) {
  if (!stream) {
    extras_.reset();
    return;
  }
  extras().has_place = true;
  extras().stream = std::move(stream);
}

void SessionCall::set_unserved(std::unique_ptr<const Unserved> unserved) {
  extras().unserved = std::move(unserved);
}

void SessionCall::watch_deadline() {
  if (!limit().none()) session().loop().start_timer(deadline_timer_, limit().deadline());
}

void SessionCall::cancel_by_peer() {
  abandon(Status(Code::kCancelled, "the caller has cancelled the call"));
}

void SessionCall::abandon(const Status& why) {
  if (ended()) return;
  CallHold hold(*this);
  const State before = state_;
  interception_.finish(why);
  end(why, session().last_time());
  cancel_handler(before);
}

void SessionCall::give_up(const Status& why) {
  if (ended()) return;
  CallHold hold(*this);
  const State before = state_;
  // A request that waits for the authenticator has not come to its handler.
  fail(dispatch_.waits() ? why.with_handler_ran(HandlerRan::kNo) : why, session().read_clock());
  cancel_handler(before);
}

void SessionCall::on_deadline() {
  give_up(dispatch_.waits() ? limit().outcome(nullptr) : time_up());
}

// `before` the call got its outcome: the coroutine of one that had answered is done.
void SessionCall::cancel_handler(State before) noexcept {
  set_cancelled();
  try {
    if (spawned_ && before == State::kRuns) cancellation_.emit(asio::cancellation_type::terminal);
  } catch (...) {
    // No memory to tell it: it ends when what it waits for does.
  }
}

void SessionCall::send_reply(const TypeOps& type, const void* value) {
  if (extras_ && !tell_written(Status())) return;
  if (state_ >= State::kAnswered) {
    session().serve_loop().counters().late_replies.add();
    return;
  }
  Clock::TimePoint now = session().read_clock();
  if (limit().over(now)) {
    session().serve_loop().counters().late_replies.add();
    fail(time_up(), now);
    return;
  }
  reply(type, value, now);
}

void SessionCall::send_error(const Status& status) {
  if (extras_ && !tell_written(status)) return;
  if (state_ >= State::kAnswered) {
    session().serve_loop().counters().late_replies.add();
    return;
  }
  Clock::TimePoint now = session().read_clock();
  if (!limit().over(now)) {
    fail_as(&method(), from_handler(status), now, Place::kBehindMessages);
  } else {
    fail(time_up(), now);
  }
}

void SessionCall::send_exception(std::string_view what) {
  const Status status = exception_status(dispatch_.thrower(), what);
  if (dispatch_.at_handler() || ended()) {
    send_error(status);
  } else {
    fail(status.with_handler_ran(HandlerRan::kNo), session().read_clock());
  }
}

Status SessionCall::exception_status(std::string_view who, std::string_view what) {
  if (!ended()) session().core().log().exception(who, method(), what);  // a cancelled one may throw
  return Status(Code::kInternal, session().core().options().send_exception_text
                                     ? fmt::format("{} threw: {}", who, what)
                                     : fmt::format("{} threw an exception", who));
}

bool SessionCall::decode_argument(const TypeOps& type, void* argument) {
  return dispatch_.read_argument(type, argument);
}

void SessionCall::set_compression(Compression how) noexcept {
  session().protocol().set_compression(id_, how);
}

void SessionCall::spawn(asio::awaitable<void> handler) {
  asio::any_io_executor where = executor();
  reserve_memory_to_start(where);
  spawned_ = true;
  spawn_handler(std::move(where), std::move(handler), cancellation_.slot());
}

void SessionCall::retain() noexcept {
  if (++references_ == 2 && !keep_alive_) keep_alive_ = session().shared_from_this();
}

void SessionCall::release() noexcept {
  // Of a stream's call that runs the session has a reference, too.
  if (state_ == State::kRuns && references_ == (own_stream() ? 2u : 1u)) drop();
  if (--references_ > 0) return;
  const std::shared_ptr<Session> alive = std::move(keep_alive_);
  if (dispatch_.keeps_memory()) dispatch_.give_back_memory();
  clear_context();
  if (extras_) {
    const bool has_place = extras_->has_place;
    interception_.forget_stream();
    extras_.reset();
    if (method().kind != MethodKind::kUnary) {
      session().stream_call_released(*this, has_place);
      return;
    }
  }
  session().call_released(*this);
}

// The handler is gone without a reply.
void SessionCall::drop() noexcept {
  try {
    send_error(Status(Code::kInternal, "the handler gave no reply"));
  } catch (...) {
    end(Status(Code::kInternal, "no memory for the reply"), session().last_time());
    session().write_failed();
  }
}

void SessionCall::reply(const TypeOps& type, const void* value, Clock::TimePoint now) {
  wire::ReplyHead head;
  head.id = id_;
  head.method = &method();
  head.metadata = sent_metadata();
  if (extras_) send_initial_metadata();
  const bool behind = extras_ && answers_behind_messages();
  head.ends_stream = behind;
  Buffer& out = behind ? extras_->stream->begin_end() : session().outbox().messages();
  std::size_t start = out.size();
  Status failure;
  try {
    failure = session().protocol().write_reply(head, type, value, out);
    if (failure.ok() && interception_.active()) {
      // They may still change the metadata, which stands before the body.
      std::uint32_t changes = reply_metadata().changes();
      interception_.finish(failure);
      if (session().protocol().has_metadata() && reply_metadata().changes() != changes) {
        out.truncate(start);
        head.metadata = sent_metadata();
        failure = session().protocol().write_reply(head, type, value, out);
      }
    }
    if (failure.ok() && !behind) session().outbox().end_message(id_, start);
  } catch (...) {
    out.truncate(start);
    failure = Status(Code::kInternal, "the codec threw an exception");
  }
  if (!failure.ok()) {
    const bool too_long = failure.code() == Code::kResourceExhausted;
    fail_as(&method(),
            Status(too_long ? failure.code() : Code::kInternal,
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
  session().wrote();
}

void SessionCall::fail_as(const Method* named, const Status& status, Clock::TimePoint now,
                          Place place) {
  interception_.finish(status);
  wire::ReplyHead head;
  head.id = id_;
  head.method = named;
  head.metadata = sent_metadata();
  if (extras_) send_initial_metadata();
  const bool behind = place == Place::kBehindMessages && extras_ && answers_behind_messages();
  head.ends_stream = behind;
  Buffer& out = behind ? extras_->stream->begin_end() : session().outbox().messages();
  std::size_t start = out.size();
  try {
    session().protocol().write_error(head, status, out);
    if (!behind) session().outbox().end_message(id_, start);
  } catch (...) {
    out.truncate(start);
    end(status, now);
    session().write_failed();
    return;
  }
  if (behind) {
    set_answered(status);
    return;
  }
  end(status, now);
  session().wrote();
}

void SessionCall::end(const Status& outcome, Clock::TimePoint now) {
  state_ = State::kEnded;
  session().serve_loop().counters().methods[route().index].finish(now - arrived_, outcome.code());
  if (deadline_timer_.waiting()) session().loop().cancel_timer(deadline_timer_);
  if (dispatch_.waits()) dispatch_.stop_waiting();  // its owner holds it
  if (own_stream()) {
    end_stream(outcome);
    return;
  }
  session().call_ended(*this);
}

SessionCall::Extras& SessionCall::extras() {
  if (!extras_) extras_ = std::make_unique<Extras>();
  return *extras_;
}

// --- The stream ---

std::shared_ptr<StreamState> SessionCall::stream() {
  if (own_stream()) return extras_->stream;
  return make_ended_stream();
}

void SessionCall::keep_stream() {
  if (!own_stream()) {
    send_error(Status(Code::kInternal, "the handler kept a stream, and the call has none"));
    return;
  }
  if (state_ != State::kRuns) return;  // it has ended meanwhile
  if (needed()) {
    state_ = State::kKept;
    return;
  }
  send_initial_metadata();
  state_ = State::kEnded;
  extras_->has_place = false;
  session().streams().let_go(*this);
  extras_->stream.reset();
  release();
}

bool SessionCall::needed() const noexcept {
  return !limit().none() || interception_.active() || waits_for_cancel() || extras_->on_drain ||
         sent_metadata();
}

// Who writes no messages has none before its answer, which then is sent like that of any call.
bool SessionCall::answers_behind_messages() const noexcept {
  return extras_->stream && server_streams(method().kind);
}

void SessionCall::set_answered(const Status& outcome) {
  state_ = State::kAnswered;
  extras_->outcome = outcome;
  session().streams().set_end(*this);
}

void SessionCall::sent() {
  CallHold hold(*this);
  const Status outcome = extras_->outcome;
  end(outcome, session().read_clock());
}

// The call is held by others than the stream.
void SessionCall::end_stream(const Status& outcome) noexcept {
  session().streams().end(*this, outcome);
  session().stream_ended();
  release();
}

bool SessionCall::tell_written(const Status& answer) {
  if (state_ >= State::kAnswered || !extras_->stream) return true;
  if (interception_.telling() && answers_behind_messages()) {
    // As if the handler had kept the stream, and now finished it.
    state_ = State::kKept;
    own_stream()->keep();
    own_stream()->finish(answer);
    return false;
  }
  session().streams().tell_written(*own_stream());
  return true;
}

void SessionCall::send_initial_metadata() noexcept {
  extras_->initial.send(id_, session().protocol(), session().outbox());
}

void SessionCall::write_initial_metadata(Buffer& out) {
  if (extras_) extras_->initial.write(id_, session().protocol(), out);
}

// --- Drain ---

void SessionCall::on_drain(UniqueFunction<void()> callback) {
  if (draining()) {
    callback();
  } else {
    extras().on_drain = std::move(callback);
  }
}

void SessionCall::tell_drain() noexcept {
  if (!waits_for_drain()) return;
  UniqueFunction<void()> callback = std::move(extras_->on_drain);
  try {
    callback();
  } catch (...) {
    // The handler's own affair.
  }
}

}  // namespace tern::serve
