// What a call has that few have: a stream, initial metadata, and the wish to hear of a drain.
#include <exception>
#include <string>
#include <utility>

#include "serve/server_core.h"
#include "serve/session.h"
#include "serve/session_call.h"
#include "serve/session_streams.h"
#include "tern/stream.h"

namespace tern::serve {

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
  session_->streams().let_go(*this);
  extras_->stream.reset();
  release();
}

bool SessionCall::needed() const noexcept {
  return deadline_ != Clock::TimePoint::max() || interceptors_started_ > 0 || on_cancel_ ||
         extras_->on_drain || !reply_metadata_.empty();
}

// Who writes no messages has none before its answer, which then is sent like that of any call.
bool SessionCall::answers_behind_messages() const noexcept {
  return extras_->stream && server_streams(method().kind);
}

void SessionCall::set_answered(const Status& outcome) {
  state_ = State::kAnswered;
  extras_->outcome = outcome;
  session_->streams().set_end(*this);
}

void SessionCall::sent() {
  CallHold hold(*this);
  const Status outcome = extras_->outcome;
  end(outcome, session_->read_clock());
}

// The call is held by others than the stream.
void SessionCall::end_stream(const Status& outcome) noexcept {
  session_->streams().end(*this, outcome);
  session_->stream_ended();
  release();
}

// --- Its messages ---

// The stream forgets this when the call ends.
void SessionCall::watch_messages() {
  extras_->seeing = stream::stream_interceptors(session_->core().options().interceptors);
  if (extras_->seeing.empty()) return;
  stream::MessageWatch* watch = this;
  extras_->stream->add_watch(std::shared_ptr<stream::MessageWatch>(std::shared_ptr<void>(), watch));
}

Status SessionCall::on_message(const InterceptedMessage& message) {
  CallHold hold(*this);
  const bool sent = message.direction == InterceptedMessage::Direction::kSent;
  const std::vector<StreamInterceptor*>& seeing = extras_->seeing;
  InterceptedCall seen = intercepted();
  for (std::size_t i = 0; i < seeing.size(); ++i) {
    if (interceptors_started_ == 0) return {};  // the outcome is known
    extras_->telling = true;
    Status status = tell_message(*seeing[sent ? seeing.size() - 1 - i : i], seen, message);
    extras_->telling = false;
    if (!status.ok()) return status.with_handler_ran(HandlerRan::kYes);
  }
  return {};
}

Status SessionCall::tell_message(StreamInterceptor& interceptor, InterceptedCall& seen,
                                 const InterceptedMessage& message) {
  std::string thrown;
  try {
    return interceptor.on_message(seen, message);
  } catch (const std::exception& exception) {
    thrown = exception.what();
  } catch (...) {
    thrown = "something that is not a std::exception";
  }
  return exception_status("an interceptor", thrown);
}

bool SessionCall::tell_written(const Status& answer) {
  if (state_ >= State::kAnswered || !extras_->stream) return true;
  if (extras_->telling && answers_behind_messages()) {
    // As if the handler had kept the stream, and now finished it.
    state_ = State::kKept;
    own_stream()->keep();
    own_stream()->finish(answer);
    return false;
  }
  session_->streams().tell_written(*own_stream());
  return true;
}

// --- Initial metadata ---

void SessionCall::write_initial_metadata(Buffer& out) {
  if (!extras_ || extras_->initial_sent) return;
  extras_->initial_sent = true;
  if (extras_->initial.empty() || !session_->protocol().has_streams()) return;
  session_->protocol().write_initial_metadata(id_, extras_->initial, out);
}

// As a message of its own, so that the one behind it can be cut.
void SessionCall::send_initial_metadata() noexcept {
  if (extras_->initial_sent || extras_->initial.empty()) return;
  Buffer& out = session_->outbox().messages();
  const std::size_t start = out.size();
  try {
    write_initial_metadata(out);
    if (out.size() > start) session_->outbox().end_message(id_, start);
  } catch (...) {
    out.truncate(start);  // no memory: the answer goes without it
  }
}

// --- Drain ---

bool SessionCall::draining() const noexcept {
  return session_->draining();
}

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
