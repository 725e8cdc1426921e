// How a client comes to a connection, and what becomes of it.
#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <utility>

#include "base/duration_text.h"
#include "call/client_core.h"
#include "call/failure_text.h"
#include "net/duplex.h"
#include "tern/field.h"
#include "tern/loop_thread.h"

namespace tern::call {

namespace {

using Time = std::chrono::nanoseconds;

Status closed() {
  return Status(Code::kCancelled, "the client is closed", HandlerRan::kNo);
}

Status out_of_memory() {
  return Status(Code::kUnavailable, "out of memory", HandlerRan::kNo);
}

}  // namespace

Status ClientCore::connect() {
  if (on_loop_thread()) {
    return Status(Code::kFailedPrecondition,
                  "connect() on an event loop's thread would wait for itself; calls connect on "
                  "their own",
                  HandlerRan::kNo);
  }
  CallRef waiter(new CallStateOf<Nothing>());
  bool begin = false;
  {
    std::lock_guard lock(mutex_);
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

void ClientCore::connect_soon() {
  {
    std::lock_guard lock(mutex_);
    if (state_ != State::kIdle || !unusable_.ok()) return;
    state_ = State::kConnecting;
  }
  post_connect();
}

bool ClientCore::connected() const {
  std::lock_guard lock(mutex_);
  return state_ == State::kReady;
}

void ClientCore::ping(UniqueFunction<void(Status)> done) {
  std::shared_ptr<ClientConnection> connection;
  {
    std::lock_guard lock(mutex_);
    if (state_ == State::kReady) connection = connection_;
  }
  if (connection) {
    connection->ping(std::move(done));
  } else {
    done(Status(Code::kUnavailable, fmt::format("{}: not connected", address_), HandlerRan::kNo));
  }
}

void ClientCore::post_connect() {
  try {
    bool watch = false;
    {
      std::lock_guard lock(mutex_);
      watch = !watches_loop_;
    }
    if (watch) loop_.add_end_listener(weak_from_this());
    {
      std::lock_guard lock(mutex_);
      watches_loop_ = true;
    }
    loop_.post([self = shared_from_this()] { self->begin_connect(); });
  } catch (...) {
    // The next call tries again; those that wait go with it.
    std::lock_guard lock(mutex_);
    if (state_ == State::kConnecting) state_ = State::kIdle;
    throw;
  }
}

void ClientCore::begin_connect() {
  try {
    dial();
  } catch (const std::bad_alloc&) {
    bool connecting = false;
    {
      std::lock_guard lock(mutex_);
      connecting = state_ == State::kConnecting;
    }
    if (!connecting) return;  // only deadlines of calls that wait are not watched yet
    attempt_.reset();
    connect_failed(out_of_memory());
  }
}

void ClientCore::dial() {
  {
    std::lock_guard lock(mutex_);
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

void ClientCore::on_dialed(Result<std::unique_ptr<ByteStream>> dialed) {
  std::shared_ptr<void> alive = keep_alive();
  std::unique_ptr<Dialer::Attempt> attempt = std::move(attempt_);
  if (!dialed.ok()) {
    connect_failed(dialed.status());
    return;
  }
  std::shared_ptr<ClientConnection> connection;
  Status failure;
  try {
    failure = make_connection(std::move(*dialed), connection);
  } catch (const std::bad_alloc&) {
    failure = out_of_memory();
  }
  if (!failure.ok()) {
    connect_failed(failure);
    return;
  }
  std::vector<WaitingCalls::Taken> calls;
  {
    std::lock_guard lock(mutex_);
    if (state_ != State::kConnecting) return;  // closed meanwhile
    state_ = State::kHandshaking;
    connection_ = connection;
  }
  try {
    {
      std::lock_guard lock(mutex_);
      calls = waiting_.take_fail_fast();
    }
    send_waiting(connection, std::move(calls));
    connection->start();
  } catch (const std::bad_alloc&) {
    connection->close(out_of_memory());
  }
}

Status ClientCore::make_connection(std::unique_ptr<ByteStream> stream,
                                   std::shared_ptr<ClientConnection>& connection) {
  Result<wire::ClientPreface> opening = make_client_opening(endpoint_, options_);
  if (!opening.ok()) return opening.take_status();
  if (options_.serve && opening->native) {
    std::shared_ptr<net::Duplex> duplex = net::Duplex::make(loop_, std::move(stream));
    duplex->expect_handshake();
    stream = duplex->open(net::Duplex::Half::kCalling);
    Status failure = options_.serve(loop_, duplex->open(net::Duplex::Half::kServing),
                                    *options_.codecs.find(options_.codec));
    if (!failure.ok()) return failure;
  }
  ClientConnectionSetup setup{loop_, mutex_, options_, address_, strays_, *this};
  connection = std::make_shared<ClientConnection>(setup, std::move(*opening), std::move(stream));
  return {};
}

// Queues the calls; those that cannot go end here.
void ClientCore::send_waiting(const std::shared_ptr<ClientConnection>& connection,
                              std::vector<WaitingCalls::Taken> calls) {
  std::vector<std::pair<StartedCall, Status>> failed;
  {
    std::lock_guard lock(mutex_);
    for (WaitingCalls::Taken& taken : calls) {
      StartedCall& call = taken.call->started;
      Time left = call.has_deadline() ? call.deadline - loop_.now() : call.timeout;
      Status failure = call.has_deadline() && left <= Time::zero()
                           ? Status(Code::kDeadlineExceeded,
                                    failure_text(*call.method, address_,
                                                 fmt::format("no connection within {}",
                                                             base::duration_text(call.timeout))),
                                    HandlerRan::kNo)
                           : connection->send(taken.id, call, taken.call->argument(),
                                              taken.call->metadata(), left);
      if (!failure.ok()) failed.emplace_back(std::move(call), std::move(failure));
    }
    connection->start_deadlines();
  }
  for (auto& [call, failure] : failed) call.finish(std::move(failure));
}

void ClientCore::on_connect_timeout() {
  std::shared_ptr<void> alive = keep_alive();
  Status why(Code::kUnavailable,
             fmt::format("no connection within {}", base::duration_text(options_.connect_timeout)),
             HandlerRan::kNo);
  if (attempt_) {
    attempt_.reset();
    connect_failed(why);
    return;
  }
  std::shared_ptr<ClientConnection> connection;
  {
    std::lock_guard lock(mutex_);
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
void ClientCore::connect_failed(const Status& why) {
  connect_timer_.cancel();
  Time wait = backoff_.next();
  Clock::TimePoint next_attempt = saturating_add(loop_.now(), wait);
  std::vector<WaitingCalls::Taken> calls;
  {
    std::lock_guard lock(mutex_);
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
void ClientCore::on_backoff_over() {
  std::shared_ptr<void> alive = keep_alive();
  bool watched = !listener_.expired();
  {
    std::lock_guard lock(mutex_);
    if (state_ != State::kBackingOff) return;
    state_ = watched || waiting_.size() > 0 ? State::kConnecting : State::kIdle;
    if (state_ == State::kIdle) return;
  }
  begin_connect();
}

void ClientCore::on_ready(ClientConnection& connection) {
  connect_timer_.cancel();
  backoff_.reset();
  std::shared_ptr<ClientConnection> ready;
  std::vector<WaitingCalls::Taken> calls;
  {
    std::lock_guard lock(mutex_);
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

void ClientCore::on_going_away(ClientConnection& connection) {
  {
    std::lock_guard lock(mutex_);
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

void ClientCore::on_lost(ClientConnection& connection, const Status& why) {
  std::shared_ptr<ClientConnection> gone;
  bool failed = false;
  bool was_ready = false;
  {
    std::lock_guard lock(mutex_);
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

void ClientCore::answer_connects(const Status& status) {
  std::vector<CallRef> waiters;
  {
    std::lock_guard lock(mutex_);
    waiters.swap(connects_);
  }
  for (CallRef& waiter : waiters) waiter->complete(status);
}

void ClientCore::close() {
  {
    std::lock_guard lock(mutex_);
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
void ClientCore::on_loop_end() {
  Status why(Code::kFailedPrecondition,
             "the IoPool of the client is gone; it must outlive the client", HandlerRan::kNo);
  {
    std::lock_guard lock(mutex_);
    if (state_ != State::kClosed) why_closed_ = why;
    state_ = State::kClosed;
  }
  shut_down(why);
}

void ClientCore::shut_down(const Status& why) {
  std::shared_ptr<ClientCore> self = shared_from_this();
  attempt_.reset();
  connect_timer_.cancel();
  backoff_timer_.cancel();
  std::vector<WaitingCalls::Taken> waiting;
  std::vector<std::shared_ptr<ClientConnection>> connections;
  {
    std::lock_guard lock(mutex_);
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
