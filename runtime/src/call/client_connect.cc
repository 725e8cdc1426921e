// How a client comes to a connection, and what becomes of it.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/duration_text.h"
#include "call/client_channel.h"
#include "call/failure_text.h"
#include "call/open_session.h"
#include "tern/field.h"
#include "tern/loop_thread.h"

namespace tern::call {

namespace {

using Time = std::chrono::nanoseconds;

Status closed() {
  return Status(Code::kCancelled, "the client is closed", HandlerRan::kNo);
}

}  // namespace

Status ClientChannel::connect() {
  if (on_loop_thread()) {
    return Status(Code::kFailedPrecondition,
                  "connect() on an event loop's thread would wait for itself; calls connect on "
                  "their own",
                  HandlerRan::kNo);
  }
  CallRef waiter(new CallStateOf<Nothing>());
  bool begin = false;
  {
    base::MutexLock lock(mutex_);
    if (!unusable_.ok()) return unusable_.with_handler_ran(HandlerRan::kNo);
    if (state_ == State::kClosed) return why_closed_;
    if (state_ == State::kReady) return {};
    begin = state_ == State::kIdle || state_ == State::kBackingOff;
    if (begin) state_ = State::kConnecting;
    connects_.push_back(waiter);
  }
  if (begin) post_connect();
  waiter->wait();
  return waiter->status();
}

void ClientChannel::connect_soon() {
  {
    base::MutexLock lock(mutex_);
    if (state_ != State::kIdle || !unusable_.ok()) return;
    state_ = State::kConnecting;
  }
  post_connect();
}

bool ClientChannel::connected() const {
  base::MutexLock lock(mutex_);
  return state_ == State::kReady;
}

void ClientChannel::ping(UniqueFunction<void(Status)> done) {
  std::shared_ptr<ClientSession> connection;
  {
    base::MutexLock lock(mutex_);
    if (state_ == State::kReady) connection = connection_;
  }
  if (connection) {
    connection->ping(std::move(done));
  } else {
    done(Status(Code::kUnavailable, fmt::format("{}: not connected", address_), HandlerRan::kNo));
  }
}

void ClientChannel::post_connect() {
  bool watch = false;
  {
    base::MutexLock lock(mutex_);
    watch = !std::exchange(watches_loop_, true);
  }
  if (watch) loop_.add_end_listener(weak_from_this());
  loop_.post([self = shared_from_this()] { self->begin_connect(); });
}

void ClientChannel::begin_connect() {
  {
    base::MutexLock lock(mutex_);
    waiting_.start_deadlines();
    if (state_ != State::kConnecting || attempt_) return;
  }
  backoff_timer_.cancel();
  Time budget = options_.connect_timeout;
  if (budget <= Time::zero()) {
    budget = Time::max();
  } else {
    loop_.start_timer(connect_timer_, budget);
  }
  attempt_ = dialer_->dial(
      loop_, endpoint_, budget,
      [this](Result<std::unique_ptr<ByteStream>> dialed) { on_dialed(std::move(dialed)); });
}

void ClientChannel::on_dialed(Result<std::unique_ptr<ByteStream>> dialed) {
  std::shared_ptr<void> alive = keep_alive();
  std::unique_ptr<Dialer::Attempt> attempt = std::move(attempt_);
  if (!dialed.ok()) {
    connect_failed(dialed.status());
    return;
  }
  ClientSessionSetup setup{loop_, mutex_, options_, address_, *this};
  Result<std::shared_ptr<ClientSession>> session =
      open_session(setup, endpoint_, std::move(*dialed));
  if (!session.ok()) {
    connect_failed(session.status());
    return;
  }
  std::vector<WaitingCalls::Taken> calls;
  {
    base::MutexLock lock(mutex_);
    if (state_ != State::kConnecting) return;  // closed meanwhile
    state_ = State::kHandshaking;
    connection_ = *session;
    calls = waiting_.take_fail_fast();
  }
  send_waiting(*session, std::move(calls));
  (*session)->start();
}

// Queues the calls; those that cannot go end here.
void ClientChannel::send_waiting(const std::shared_ptr<ClientSession>& connection,
                                 std::vector<WaitingCalls::Taken> calls) {
  std::vector<std::pair<StartedCall, Status>> failed;
  {
    base::MutexLock lock(mutex_);
    for (WaitingCalls::Taken& taken : calls) {
      StartedCall& call = taken.call->started;
      Time left = call.has_deadline() ? call.deadline - loop_.now() : call.timeout;
      Status failure = call.has_deadline() && left <= Time::zero()
                           ? Status(Code::kDeadlineExceeded,
                                    failure_text(*call.method, address_,
                                                 fmt::format("no connection within {}",
                                                             base::duration_text(call.timeout))),
                                    HandlerRan::kNo)
                           : connection->queue(lock).send(taken.id, call, taken.call->argument(),
                                                          taken.call->metadata(), left);
      if (!failure.ok()) failed.emplace_back(std::move(call), std::move(failure));
    }
    connection->queue(lock).start_deadlines();
  }
  for (auto& [call, failure] : failed) call.finish(std::move(failure));
}

void ClientChannel::on_connect_timeout() {
  std::shared_ptr<void> alive = keep_alive();
  Status why(Code::kUnavailable,
             fmt::format("no connection within {}", base::duration_text(options_.connect_timeout)),
             HandlerRan::kNo);
  if (attempt_) {
    attempt_.reset();
    connect_failed(why);
    return;
  }
  std::shared_ptr<ClientSession> connection;
  {
    base::MutexLock lock(mutex_);
    connection = connection_;
  }
  if (connection) {
    connection->close(
        Status(Code::kUnavailable,
               fmt::format("handshake: no answer from the server within {} of connecting",
                           base::duration_text(options_.connect_timeout)),
               HandlerRan::kUnknown));
  }
}

// Ends the calls that do not want to wait for another attempt, and waits before making one.
void ClientChannel::connect_failed(const Status& why) {
  connect_timer_.cancel();
  Time wait = backoff_.next();
  Clock::TimePoint next_attempt = saturating_add(loop_.now(), wait);
  std::vector<WaitingCalls::Taken> calls;
  {
    base::MutexLock lock(mutex_);
    if (state_ == State::kClosed) return;
    state_ = State::kBackingOff;
    ++failure_count_;
    last_failure_ = why;
    next_attempt_ = next_attempt;
    calls = waiting_.take_fail_fast();
  }
  loop_.start_timer(backoff_timer_, next_attempt);
  if (log_.takes(LogLevel::kInfo)) {
    log_.line(fmt::format("tern: {}: not connected: {}; next attempt in {}", address_,
                          why.message(), base::duration_text(wait)),
              LogLevel::kInfo);
  }
  if (auto listener = listener_.lock()) listener->on_connect_failed(why, wait);
  answer_connects(why.with_handler_ran(HandlerRan::kNo));
  for (WaitingCalls::Taken& taken : calls) {
    StartedCall& call = taken.call->started;
    std::string what = fmt::format("not connected: {}; next attempt in {}", why.message(),
                                   base::duration_text(wait));
    call.finish(
        Status(Code::kUnavailable, failure_text(*call.method, address_, what), HandlerRan::kNo));
  }
}

// Somebody waits: connect. Nobody: the next call connects.
void ClientChannel::on_backoff_over() {
  std::shared_ptr<void> alive = keep_alive();
  bool watched = !listener_.expired();
  {
    base::MutexLock lock(mutex_);
    if (state_ != State::kBackingOff) return;
    state_ = watched || waiting_.size() > 0 ? State::kConnecting : State::kIdle;
    if (state_ == State::kIdle) return;
  }
  begin_connect();
}

void ClientChannel::on_ready(ClientSession& connection) {
  connect_timer_.cancel();
  backoff_.reset();
  std::shared_ptr<ClientSession> ready;
  std::vector<WaitingCalls::Taken> calls;
  {
    base::MutexLock lock(mutex_);
    if (connection_.get() != &connection || state_ != State::kHandshaking) return;
    state_ = State::kReady;
    ++connect_count_;
    last_failure_ = Status();
    ready = connection_;
    calls = waiting_.take_all();
  }
  if (log_.takes(LogLevel::kDebug)) {
    log_.line(fmt::format("tern: {}: connected", address_), LogLevel::kDebug);
  }
  answer_connects(Status());
  if (!calls.empty()) send_waiting(ready, std::move(calls));
  if (auto listener = listener_.lock()) listener->on_connected();
}

void ClientChannel::on_going_away(ClientSession& connection) {
  {
    base::MutexLock lock(mutex_);
    if (connection_.get() != &connection) return;
    draining_.push_back(std::move(connection_));
    if (state_ == State::kReady) state_ = State::kIdle;
  }
  if (log_.takes(LogLevel::kInfo)) {
    log_.line(fmt::format("tern: {}: the server goes away", address_), LogLevel::kInfo);
  }
  if (auto listener = listener_.lock()) {
    listener->on_disconnected(Status(
        Code::kUnavailable, fmt::format("{}: the server goes away", address_), HandlerRan::kNo));
  }
}

void ClientChannel::on_lost(ClientSession& connection, const Status& why) {
  std::shared_ptr<ClientSession> gone;
  bool failed = false;
  bool was_ready = false;
  {
    base::MutexLock lock(mutex_);
    if (connection_.get() == &connection) {
      gone = std::move(connection_);
      failed = state_ == State::kHandshaking;
      was_ready = state_ == State::kReady;
      // Calls that start before connect_failed() wait, and end with it.
      if (failed) state_ = State::kConnecting;
      if (state_ == State::kReady) state_ = State::kIdle;
    } else {
      auto place = std::find_if(draining_.begin(), draining_.end(),
                                [&](const auto& old) { return old.get() == &connection; });
      if (place != draining_.end()) {
        gone = std::move(*place);
        draining_.erase(place);
      }
    }
    if (gone) strays_.add(gone->queue(lock).strays());
  }
  // The connection is still at work when it says this.
  loop_.post([gone = std::move(gone)]() mutable { gone.reset(); });
  if (failed) connect_failed(why);
  if (was_ready) {
    if (log_.takes(LogLevel::kInfo)) {
      log_.line(fmt::format("tern: {}: connection lost: {}", address_, why.message()),
                LogLevel::kInfo);
    }
    if (auto listener = listener_.lock()) listener->on_disconnected(why);
  }
}

void ClientChannel::answer_connects(const Status& status) {
  std::vector<CallRef> waiters;
  {
    base::MutexLock lock(mutex_);
    waiters.swap(connects_);
  }
  for (CallRef& waiter : waiters) waiter->complete(status);
}

void ClientChannel::close() {
  {
    base::MutexLock lock(mutex_);
    if (state_ != State::kClosed) why_closed_ = closed();
    state_ = State::kClosed;
  }
  // A loop that has stopped is nobody's: its work is done here.
  if (loop_.ended() || loop_.in_this_thread() || loop_.io().stopped()) {
    shut_down(closed());
    return;
  }
  CallRef done(new CallStateOf<Nothing>());
  loop_.post([self = shared_from_this(), done] {
    self->shut_down(closed());
    done->complete(Status());
  });
  if (loop_runs_ && !on_loop_thread()) done->wait();
}

// Misuse, and no reason to wait for ever.
void ClientChannel::on_loop_end() {
  Status why(Code::kFailedPrecondition,
             "the IoPool of the client is gone; it must outlive the client", HandlerRan::kNo);
  {
    base::MutexLock lock(mutex_);
    if (state_ != State::kClosed) why_closed_ = why;
    state_ = State::kClosed;
  }
  shut_down(why);
}

void ClientChannel::shut_down(const Status& why) {
  std::shared_ptr<ClientChannel> self = shared_from_this();
  attempt_.reset();
  connect_timer_.cancel();
  backoff_timer_.cancel();
  std::vector<WaitingCalls::Taken> waiting;
  std::vector<std::shared_ptr<ClientSession>> connections;
  {
    base::MutexLock lock(mutex_);
    waiting = waiting_.take_all();
    connections = draining_;
    if (connection_) connections.push_back(connection_);
  }
  for (auto& connection : connections) connection->close(why);
  for (WaitingCalls::Taken& taken : waiting) {
    StartedCall& call = taken.call->started;
    call.finish(why.with_context(failure_text(*call.method, address_, "not called")));
  }
  answer_connects(why);
  // A connection in the middle of its turn ends with the turn, and reports here.
  if (!connections.empty()) loop_.post([self] {});
}

}  // namespace tern::call
