#include "call/connector.h"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <utility>

#include "call/failure_text.h"
#include "call/open_session.h"
#include "tern/field.h"
#include "tern/loop_thread.h"

namespace tern::call {

namespace {

using Time = std::chrono::nanoseconds;

Status why_unusable(const Result<Endpoint>& endpoint, const ClientOptions& options) {
  return endpoint.ok() ? begin_handshake(*endpoint, options).status() : endpoint.status();
}

}  // namespace

Connector::Connector(const ConnectorSetup& setup, const Result<Endpoint>& endpoint)
    : setup_(setup),
      endpoint_(endpoint.ok() ? *endpoint : Endpoint()),
      unusable_(why_unusable(endpoint, setup.options)),
      reports_(setup.address, setup.log),
      attempt_({setup.loop, setup.mutex, setup.options, setup.address, *this, patience_}, endpoint_,
               *this),
      tokens_(setup.options.token_source ? new Tokens(setup.loop, setup.options, endpoint_, *this)
                                         : nullptr),
      backoff_timer_([this] { on_backoff_over(); }),
      backoff_(setup.options.backoff, setup.options.random),
      shared_(setup.mutex) {}

Connector::~Connector() = default;

// --- Any thread ---

Status Connector::connect() {
  if (on_loop_thread()) {
    return Status(Code::kFailedPrecondition,
                  "connect() on an event loop's thread would wait for itself; calls connect on "
                  "their own",
                  HandlerRan::kNo);
  }
  if (!unusable_.ok()) return unusable_.with_handler_ran(HandlerRan::kNo);
  CallRef waiter(new CallStateOf<Nothing>());
  bool begin = false;
  {
    base::MutexLock lock(setup_.mutex);
    Shared& shared = shared_.with(lock);
    if (shared.state == State::kClosed) return shared.why_closed;
    if (shared.state == State::kReady) return {};
    begin = shared.state == State::kIdle || shared.state == State::kBackingOff;
    if (begin) shared.state.enter(State::kConnecting);
    shared.connect_waiters.push_back(waiter);
  }
  if (begin) post_dial();
  waiter->wait();
  return waiter->status();
}

void Connector::connect_soon() {
  if (!unusable_.ok()) return;
  {
    base::MutexLock lock(setup_.mutex);
    if (state(lock) != State::kIdle) return;
    leave_idle(lock);
  }
  post_dial();
}

bool Connector::connected() const {
  base::MutexLock lock(setup_.mutex);
  return takes_calls(lock);
}

void Connector::post_dial() {
  try {
    std::shared_ptr<void> alive = setup_.user.keep_alive();
    bool watch = false;
    {
      base::MutexLock lock(setup_.mutex);
      watch = !shared_.with(lock).watches_loop;
    }
    if (watch) setup_.loop.add_end_listener(std::shared_ptr<LoopEndListener>(alive, this));
    {
      base::MutexLock lock(setup_.mutex);
      shared_.with(lock).watches_loop = true;
    }
    setup_.loop.post([this, alive = std::move(alive)] { begin_attempt(); });
  } catch (...) {
    // The next call tries again; those that wait go with it.
    base::MutexLock lock(setup_.mutex);
    Shared& shared = shared_.with(lock);
    if (shared.state == State::kConnecting) shared.state.enter(State::kIdle);
    throw;
  }
}

void Connector::leave_idle(const base::MutexLock& lock) noexcept {
  assert(state(lock) == State::kIdle);
  shared_.with(lock).state.enter(State::kConnecting);
}

Status Connector::why_refused(const base::MutexLock& lock, const StartedCall& call,
                              bool wait_for_ready) const {
  const Method& method = *call.method;
  if (!unusable_.ok()) {
    return unusable_.with_context(failure_text(method, setup_.address, "not called"))
        .with_handler_ran(HandlerRan::kNo);
  }
  const Shared& shared = shared_.with(lock);
  if (shared.state == State::kClosed) {
    return shared.why_closed.with_context(failure_text(method, setup_.address, "not called"));
  }
  if (call.attempt) {
    return Status(Code::kUnavailable, failure_text(method, setup_.address, "not connected"),
                  HandlerRan::kNo);
  }
  if (shared.state == State::kBackingOff && !wait_for_ready) {
    const Time wait = std::max(shared.next_attempt - setup_.loop.now(), Time::zero());
    return Status(
               Code::kUnavailable,
               failure_text(method, setup_.address, not_connected_text(shared.last_failure, wait)),
               HandlerRan::kNo)
        .with_cause(shared.last_failure.cause());
  }
  return {};
}

void Connector::close(const base::MutexLock& lock, const Status& why) {
  Shared& shared = shared_.with(lock);
  if (shared.state == State::kClosed) return;
  shared.why_closed = why;
  shared.state.enter(State::kClosed);
}

void Connector::add_to(const base::MutexLock& lock, ClientStats& stats) const {
  const Shared& shared = shared_.with(lock);
  StrayReplies strays = shared.strays;
  shared.sessions.add_to(lock, stats, strays);
  stats.connects = shared.connects;
  stats.connect_failures = shared.failures;
  stats.late_replies = strays.late;
  stats.unknown_replies = strays.unknown;
}

// --- An attempt ---

void Connector::begin_attempt() {
  {
    base::MutexLock lock(setup_.mutex);
    if (state(lock) != State::kConnecting || attempt_.dialling()) return;
  }
  backoff_timer_.cancel();
  // Without a token no call could be sent: the attempt begins with one.
  if (tokens_ && !tokens_->current().ok()) {
    tokens_->fetch();
  } else {
    attempt_.begin();
  }
}

// --- The token ---

void Connector::on_token(const Result<std::string>& token) {
  bool begin = false;
  {
    base::MutexLock lock(setup_.mutex);
    sessions(lock).for_each([&](ClientSession& session) {
      session.queue(lock).set_authorization(token, tokens_->number());
    });
    begin = state(lock) == State::kConnecting && token.ok() && !attempt_.dialling();
  }
  if (begin) attempt_.begin();
}

bool Connector::on_no_token(const Status& why) {
  {
    base::MutexLock lock(setup_.mutex);
    switch (state(lock)) {
      case State::kConnecting:
        if (attempt_.dialling()) return true;
        break;
      case State::kHandshaking:
      case State::kReady:
        return true;
      case State::kIdle:
      case State::kBackingOff:
      case State::kClosed:
        return false;  // the next attempt to connect asks
    }
  }
  back_off(why);
  return false;
}

void Connector::renew_token(std::uint64_t seen, UniqueFunction<void(const Status&)> done) {
  bool closed = false;
  {
    base::MutexLock lock(setup_.mutex);
    closed = state(lock) == State::kClosed;
  }
  if (tokens_ && !closed) {
    tokens_->renew(seen, std::move(done));
  } else {
    done(Status(Code::kCancelled, "the client is closed", HandlerRan::kNo));
  }
}

void Connector::on_session_made(std::shared_ptr<ClientSession> session) {
  {
    base::MutexLock lock(setup_.mutex);
    Shared& shared = shared_.with(lock);
    if (shared.state != State::kConnecting) return;  // closed meanwhile
    shared.state.enter(State::kHandshaking);
    if (tokens_) session->queue(lock).set_authorization(tokens_->current(), tokens_->number());
    shared.sessions.begin(session);
  }
  try {
    setup_.user.on_session(*session);
    session->start();
  } catch (const std::bad_alloc&) {
    session->close(out_of_memory());
  }
}

void Connector::on_no_answer(const Status& why) {
  std::shared_ptr<ClientSession> session;
  {
    base::MutexLock lock(setup_.mutex);
    session = sessions(lock).current();
  }
  if (session) session->close(why);
}

// Waits before the next attempt.
void Connector::back_off(const Status& why) {
  Time wait = backoff_.next();
  Clock::TimePoint next_attempt = saturating_add(setup_.loop.now(), wait);
  {
    base::MutexLock lock(setup_.mutex);
    Shared& shared = shared_.with(lock);
    if (shared.state == State::kClosed) return;
    shared.state.enter(State::kBackingOff);
    ++shared.failures;
    shared.last_failure = why;
    shared.next_attempt = next_attempt;
  }
  setup_.loop.start_timer(backoff_timer_, next_attempt);
  reports_.connect_failed(why, wait);
  answer_connect_waiters(why.with_handler_ran(HandlerRan::kNo));
  setup_.user.on_connect_failed(why, wait);
}

// Somebody waits: connect. Nobody: the next call connects.
void Connector::on_backoff_over() {
  std::shared_ptr<void> alive = keep_alive();
  const bool watched = reports_.has_listener();
  {
    base::MutexLock lock(setup_.mutex);
    Shared& shared = shared_.with(lock);
    if (shared.state != State::kBackingOff) return;
    if (!watched && !setup_.user.has_waiting_calls(lock)) {
      shared.state.enter(State::kIdle);
      return;
    }
    shared.state.enter(State::kConnecting);
  }
  begin_attempt();
}

void Connector::answer_connect_waiters(const Status& status) {
  std::vector<CallRef> waiters;
  {
    base::MutexLock lock(setup_.mutex);
    waiters.swap(shared_.with(lock).connect_waiters);
  }
  for (CallRef& waiter : waiters) waiter->complete(status);
}

// --- A connection ---

void Connector::on_ready(ClientSession& session) {
  attempt_.end();
  backoff_.reset();
  std::shared_ptr<ClientSession> ready;
  {
    base::MutexLock lock(setup_.mutex);
    Shared& shared = shared_.with(lock);
    if (!shared.sessions.is_current(session) || shared.state != State::kHandshaking) return;
    shared.state.enter(State::kReady);
    ++shared.connects;
    shared.last_failure = Status();
    ready = shared.sessions.current();
  }
  reports_.log_connected();
  answer_connect_waiters(Status());
  setup_.user.on_ready(*ready);
  reports_.tell_connected();
}

// It takes no more calls. False if it took none before.
bool Connector::drain(ClientSession& session) {
  base::MutexLock lock(setup_.mutex);
  Shared& shared = shared_.with(lock);
  if (!shared.sessions.is_current(session)) return false;
  shared.sessions.drain_current();
  if (shared.state == State::kReady) shared.state.enter(State::kIdle);
  return true;
}

void Connector::on_stream_answered(ClientSession& session) {
  {
    base::MutexLock lock(setup_.mutex);
    if (!sessions(lock).is_current(session) || state(lock) != State::kReady) return;
    if (!setup_.user.has_waiting_calls(lock)) return;
  }
  setup_.user.on_ready(session);
}

// Calls that have waited for the end of a stream need another connection.
void Connector::begin_for_waiting() {
  {
    base::MutexLock lock(setup_.mutex);
    if (state(lock) != State::kIdle || !setup_.user.has_waiting_calls(lock)) return;
    leave_idle(lock);
  }
  begin_attempt();
}

void Connector::on_leaving(ClientSession& session) {
  if (!drain(session)) return;
  reports_.given_up();
  begin_for_waiting();
}

void Connector::on_going_away(ClientSession& session) {
  if (!drain(session)) return;
  reports_.going_away();
  begin_for_waiting();
}

void Connector::on_unreadable(ClientSession& session, const Status& why) {
  if (!drain(session)) return;
  reports_.lost(why);
  begin_for_waiting();
}

void Connector::on_too_many_pings() {
  patience_.double_it();
  reports_.too_many_pings();
}

void Connector::on_lost(ClientSession& session, const Status& why) {
  std::shared_ptr<ClientSession> gone;
  State before = State::kIdle;  // if it was the current one: what its end means
  {
    base::MutexLock lock(setup_.mutex);
    Shared& shared = shared_.with(lock);
    if (shared.sessions.is_current(session)) before = shared.state;
    gone = shared.sessions.take(session);
    if (gone) shared.strays.add(gone->queue(lock).strays());
    // Calls that start before back_off() wait, and end with it.
    if (before == State::kHandshaking) shared.state.enter(State::kConnecting);
    if (before == State::kReady) shared.state.enter(State::kIdle);
  }
  // The session is still at work when it says this.
  setup_.loop.post([gone = std::move(gone)]() mutable { gone.reset(); });
  if (before == State::kHandshaking) {
    attempt_.end();
    back_off(why);
  }
  if (before != State::kReady) return;
  reports_.lost(why);
  begin_for_waiting();
}

void Connector::ping(UniqueFunction<void(Status)> done) {
  std::shared_ptr<ClientSession> session;
  {
    base::MutexLock lock(setup_.mutex);
    if (state(lock) == State::kReady) session = sessions(lock).current();
  }
  if (session) {
    session->ping(std::move(done));
  } else {
    done(Status(Code::kUnavailable, fmt::format("{}: not connected", setup_.address),
                HandlerRan::kNo));
  }
}

void Connector::shut_down(const Status& why) {
  std::shared_ptr<void> alive = keep_alive();
  attempt_.stop();
  if (tokens_) tokens_->stop(why);
  backoff_timer_.cancel();
  ClientSessions left;
  {
    base::MutexLock lock(setup_.mutex);
    left = sessions(lock);
  }
  left.for_each([&](ClientSession& session) { session.close(why); });
  answer_connect_waiters(why);
  // A session in the middle of its turn ends with the turn, and reports here.
  if (!left.empty()) setup_.loop.post([alive = std::move(alive)] {});
}

void Connector::abandon(const Status& why) {
  ClientSessions left;
  {
    base::MutexLock lock(setup_.mutex);
    left = sessions(lock);
  }
  left.for_each([&](ClientSession& session) { session.fail_calls(why); });
  answer_connect_waiters(why);
}

}  // namespace tern::call
