#include "call/connector.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <new>
#include <utility>

#include "base/duration_text.h"
#include "call/failure_text.h"
#include "call/open_session.h"
#include "net/dial.h"
#include "tern/field.h"
#include "tern/loop_thread.h"

namespace tern::call {

namespace {

using Time = std::chrono::nanoseconds;

std::shared_ptr<Dialer> dialer_of(const ClientOptions& options) {
  return options.dialer ? options.dialer : std::make_shared<net::SocketDialer>(options.tcp);
}

Status why_unusable(const Result<Endpoint>& endpoint, const ClientOptions& options) {
  return endpoint.ok() ? begin_handshake(*endpoint, options).status() : endpoint.status();
}

Status out_of_memory() {
  return Status::without_memory(Code::kUnavailable, HandlerRan::kNo);
}

// For an assertion.
[[maybe_unused]] bool can_follow(Connector::State state, Connector::State next) noexcept {
  using State = Connector::State;
  switch (next) {
    case State::kIdle:  // from kConnecting if there is no memory to begin
      return state == State::kReady || state == State::kBackingOff || state == State::kConnecting;
    case State::kConnecting:  // a lost handshake is on its way to kBackingOff
      return state == State::kIdle || state == State::kBackingOff || state == State::kHandshaking;
    case State::kHandshaking:
      return state == State::kConnecting;
    case State::kReady:
      return state == State::kHandshaking;
    case State::kBackingOff:
      return state == State::kConnecting;
    case State::kClosed:
      return state != State::kClosed;
  }
  return false;
}

}  // namespace

Connector::Connector(const ConnectorSetup& setup, const Result<Endpoint>& endpoint)
    : setup_(setup),
      endpoint_(endpoint.ok() ? *endpoint : Endpoint()),
      dialer_(dialer_of(setup.options)),
      unusable_(why_unusable(endpoint, setup.options)),
      connect_timer_([this] { on_connect_timeout(); }),
      backoff_timer_([this] { on_backoff_over(); }),
      backoff_(setup.options.backoff, setup.options.random),
      shared_(setup.mutex) {}

Connector::~Connector() = default;

void Connector::enter(Shared& shared, State next) noexcept {
  assert(can_follow(shared.state, next));
  shared.state = next;
}

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
    if (begin) enter(shared, State::kConnecting);
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
  return state(lock) == State::kReady;
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
    setup_.loop.post([this, alive = std::move(alive)] { dial(); });
  } catch (...) {
    // The next call tries again; those that wait go with it.
    base::MutexLock lock(setup_.mutex);
    Shared& shared = shared_.with(lock);
    if (shared.state == State::kConnecting) enter(shared, State::kIdle);
    throw;
  }
}

void Connector::leave_idle(const base::MutexLock& lock) noexcept {
  assert(state(lock) == State::kIdle);
  enter(shared_.with(lock), State::kConnecting);
}

std::string Connector::why_backing_off(const base::MutexLock& lock) const {
  const Shared& shared = shared_.with(lock);
  Time wait = std::max(shared.next_attempt - setup_.loop.now(), Time::zero());
  return not_connected_text(shared.last_failure, wait);
}

void Connector::close(const base::MutexLock& lock, const Status& why) {
  Shared& shared = shared_.with(lock);
  if (shared.state == State::kClosed) return;
  shared.why_closed = why;
  enter(shared, State::kClosed);
}

void Connector::add_to(const base::MutexLock& lock, ClientStats& stats) const {
  const Shared& shared = shared_.with(lock);
  StrayReplies strays = shared.strays;
  shared.sessions.for_each([&](const ClientSession& session) {
    const RequestQueue& queue = session.queue(lock);
    stats.calls_pending += queue.pending();
    stats.streams += queue.streams();
    stats.timers += queue.timers();
    stats.unsent_bytes += queue.unsent();
    strays.add(queue.strays());
  });
  stats.connects = shared.connects;
  stats.connect_failures = shared.failures;
  stats.late_replies = strays.late;
  stats.unknown_replies = strays.unknown;
}

// --- An attempt ---

void Connector::dial() {
  {
    base::MutexLock lock(setup_.mutex);
    if (state(lock) != State::kConnecting || attempt_) return;
  }
  try {
    begin_attempt();
  } catch (const std::bad_alloc&) {
    attempt_.reset();
    fail_attempt(out_of_memory());
  }
}

void Connector::begin_attempt() {
  backoff_timer_.cancel();
  Time budget = setup_.options.connect_timeout;
  if (budget <= Time::zero()) {
    budget = Time::max();
  } else {
    setup_.loop.start_timer(connect_timer_, budget);
  }
  attempt_ = dialer_->dial(
      setup_.loop, endpoint_, budget,
      [this](Result<std::unique_ptr<ByteStream>> dialed) { on_dialed(std::move(dialed)); });
}

void Connector::on_dialed(Result<std::unique_ptr<ByteStream>> dialed) {
  std::shared_ptr<void> alive = keep_alive();
  std::unique_ptr<Dialer::Attempt> attempt = std::move(attempt_);
  if (!dialed.ok()) {
    fail_attempt(dialed.status());
    return;
  }
  ClientSessionSetup setup{setup_.loop, setup_.mutex, setup_.options, setup_.address, *this};
  std::shared_ptr<ClientSession> session;
  Status failure;
  try {
    Result<std::shared_ptr<ClientSession>> opened =
        open_session(setup, endpoint_, std::move(*dialed));
    failure = opened.status();
    if (opened.ok()) session = std::move(*opened);
  } catch (const std::bad_alloc&) {
    failure = out_of_memory();
  }
  if (!failure.ok()) {
    fail_attempt(failure);
    return;
  }
  {
    base::MutexLock lock(setup_.mutex);
    Shared& shared = shared_.with(lock);
    if (shared.state != State::kConnecting) return;  // closed meanwhile
    enter(shared, State::kHandshaking);
    shared.sessions.begin(session);
  }
  try {
    setup_.user.on_session(*session);
    session->start();
  } catch (const std::bad_alloc&) {
    session->close(out_of_memory());
  }
}

void Connector::on_connect_timeout() {
  std::shared_ptr<void> alive = keep_alive();
  std::string limit = base::duration_text(setup_.options.connect_timeout);
  if (attempt_) {
    attempt_.reset();
    fail_attempt(
        Status(Code::kUnavailable, fmt::format("no connection within {}", limit), HandlerRan::kNo));
    return;
  }
  std::shared_ptr<ClientSession> session;
  {
    base::MutexLock lock(setup_.mutex);
    session = sessions(lock).current();
  }
  if (!session) return;
  session->close(
      Status(Code::kUnavailable,
             fmt::format("handshake: no answer from the server within {} of connecting", limit),
             HandlerRan::kUnknown));
}

// Waits before the next attempt.
void Connector::fail_attempt(const Status& why) {
  connect_timer_.cancel();
  Time wait = backoff_.next();
  Clock::TimePoint next_attempt = saturating_add(setup_.loop.now(), wait);
  {
    base::MutexLock lock(setup_.mutex);
    Shared& shared = shared_.with(lock);
    if (shared.state == State::kClosed) return;
    enter(shared, State::kBackingOff);
    ++shared.failures;
    shared.last_failure = why;
    shared.next_attempt = next_attempt;
  }
  setup_.loop.start_timer(backoff_timer_, next_attempt);
  log(LogLevel::kInfo, not_connected_text(why, wait));
  if (auto listener = listener_.lock()) listener->on_connect_failed(why, wait);
  answer_connect_waiters(why.with_handler_ran(HandlerRan::kNo));
  setup_.user.on_connect_failed(why, wait);
}

// Somebody waits: connect. Nobody: the next call connects.
void Connector::on_backoff_over() {
  std::shared_ptr<void> alive = keep_alive();
  const bool watched = !listener_.expired();
  {
    base::MutexLock lock(setup_.mutex);
    Shared& shared = shared_.with(lock);
    if (shared.state != State::kBackingOff) return;
    if (!watched && !setup_.user.has_waiting_calls(lock)) {
      enter(shared, State::kIdle);
      return;
    }
    enter(shared, State::kConnecting);
  }
  dial();
}

void Connector::answer_connect_waiters(const Status& status) {
  std::vector<CallRef> waiters;
  {
    base::MutexLock lock(setup_.mutex);
    waiters.swap(shared_.with(lock).connect_waiters);
  }
  for (CallRef& waiter : waiters) waiter->complete(status);
}

void Connector::log(LogLevel level, std::string_view what) {
  if (!setup_.log.takes(level)) return;
  setup_.log.line(fmt::format("tern: {}: {}", setup_.address, what), level);
}

// --- A connection ---

void Connector::on_ready(ClientSession& session) {
  connect_timer_.cancel();
  backoff_.reset();
  std::shared_ptr<ClientSession> ready;
  {
    base::MutexLock lock(setup_.mutex);
    Shared& shared = shared_.with(lock);
    if (!shared.sessions.is_current(session) || shared.state != State::kHandshaking) return;
    enter(shared, State::kReady);
    ++shared.connects;
    shared.last_failure = Status();
    ready = shared.sessions.current();
  }
  log(LogLevel::kDebug, "connected");
  answer_connect_waiters(Status());
  setup_.user.on_ready(*ready);
  if (auto listener = listener_.lock()) listener->on_connected();
}

void Connector::on_going_away(ClientSession& session) {
  {
    base::MutexLock lock(setup_.mutex);
    Shared& shared = shared_.with(lock);
    if (!shared.sessions.is_current(session)) return;
    shared.sessions.drain_current();
    if (shared.state == State::kReady) enter(shared, State::kIdle);
  }
  log(LogLevel::kInfo, "the server goes away");
  if (auto listener = listener_.lock()) {
    listener->on_going_away();
    listener->on_disconnected(Status(Code::kUnavailable,
                                     fmt::format("{}: the server goes away", setup_.address),
                                     HandlerRan::kNo));
  }
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
    // Calls that start before fail_attempt() wait, and end with it.
    if (before == State::kHandshaking) enter(shared, State::kConnecting);
    if (before == State::kReady) enter(shared, State::kIdle);
  }
  // The session is still at work when it says this.
  setup_.loop.post([gone = std::move(gone)]() mutable { gone.reset(); });
  if (before == State::kHandshaking) fail_attempt(why);
  if (before != State::kReady) return;
  log(LogLevel::kInfo, fmt::format("connection lost: {}", why.message()));
  if (auto listener = listener_.lock()) listener->on_disconnected(why);
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
  attempt_.reset();
  connect_timer_.cancel();
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
