#include "call/client_core.h"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <utility>

#include "base/duration_text.h"
#include "call/call_timeout.h"
#include "call/failure_text.h"
#include "net/dial.h"
#include "tern/loop_thread.h"

namespace tern::call {

namespace {

using Time = std::chrono::nanoseconds;

Status closed() {
  return Status(Code::kCancelled, "the client is closed", HandlerRan::kNo);
}

}  // namespace

ClientCore::ClientCore(const Result<Endpoint>& endpoint, std::string address, Loop& loop,
                       bool loop_runs, ClientOptions options)
    : kept_loop_(loop.shared_from_this()),
      loop_(loop),
      loop_runs_(loop_runs),
      options_(std::move(options)),
      endpoint_(endpoint.ok() ? *endpoint : Endpoint()),
      address_(std::move(address)),
      dialer_(options_.dialer ? options_.dialer
                              : std::make_shared<net::SocketDialer>(options_.tcp)),
      log_(loop_.clock(), options_.log, options_.log_level),
      connect_timer_([this] { on_connect_timeout(); }),
      backoff_timer_([this] { on_backoff_over(); }),
      backoff_(options_.backoff, options_.random),
      waiting_(loop, [this](std::uint64_t id) { give_up(id, Code::kDeadlineExceeded); }) {
  if (!endpoint.ok()) {
    unusable_ = endpoint.status();
  } else {
    unusable_ = make_client_opening(endpoint_, options_).status();
  }
}

// Calls are left here only if the loop has ended before it could end them.
ClientCore::~ClientCore() {
  for (WaitingCalls::Taken& taken : waiting_.take_all()) taken.call->started.finish(closed());
  if (connection_) connection_->fail_calls(closed());
  for (auto& connection : draining_) connection->fail_calls(closed());
  for (CallRef& waiter : connects_) waiter->complete(closed());
}

void ClientCore::start(const Method& method, const void* argument, const CallOptions& options,
                       CallRef call) {
  StartedCall started;
  started.call = std::move(call);
  started.method = &method;
  std::optional<Time> timeout = timeout_of(options, method, options_);
  if (timeout) {
    started.timeout = *timeout;
    started.deadline = saturating_add(loop_.now(), *timeout);
  }
  const Metadata* metadata = &options.metadata;
  if (!options_.interceptors.empty()) {
    Status refused = intercept(started, options.metadata);
    if (!refused.ok()) {
      count_start();
      refuse(started, std::move(refused));
      return;
    }
    metadata = &started.interception->metadata();
  }
  if (timeout && *timeout <= Time::zero()) {
    count_start();
    refuse(started,
           Status(Code::kDeadlineExceeded,
                  failure_text(method, address_,
                               fmt::format("deadline exceeded before the call: {} were left",
                                           base::duration_text(*timeout))),
                  HandlerRan::kNo));
    return;
  }
  Afterwards afterwards;
  Status failure;
  {
    std::lock_guard lock(mutex_);
    ++start_count_;
    failure = place(started, argument, options.wait_for_ready, *metadata, afterwards);
  }
  if (!failure.ok()) refuse(started, std::move(failure));
  if (afterwards.connect) post_connect();
  if (afterwards.flush) post_flush(afterwards.flush);
}

// The caller finishes the call when this has returned, and may throw then.
void ClientCore::refuse(StartedCall& call, Status why) {
  call.call->set_owner(weak_from_this(), 0);
  call.finish(std::move(why));
}

Status ClientCore::start_attempt(StartedCall& call, const void* argument,
                                 const Metadata& metadata) {
  const Metadata* sent = &metadata;
  if (!options_.interceptors.empty()) {
    Status refused = intercept(call, metadata);
    if (!refused.ok()) {
      count_start();
      std::exchange(call.interception, nullptr)->finish(call.call->reply_metadata(), refused);
      return refused;
    }
    sent = &call.interception->metadata();
  }
  Afterwards afterwards;
  std::unique_lock lock(mutex_);
  ++start_count_;
  Status failure = place(call, argument, false, *sent, afterwards);
  lock.unlock();
  // From here on nothing of this client may be there any more, if the call is on its way.
  if (afterwards.flush) post_flush(afterwards.flush);
  if (!failure.ok() && call.interception) {
    std::exchange(call.interception, nullptr)->finish(call.call->reply_metadata(), failure);
  }
  return failure;
}

void ClientCore::count_start() {
  std::lock_guard lock(mutex_);
  ++start_count_;
}

Status ClientCore::intercept(StartedCall& call, const Metadata& metadata) {
  call.interception = std::make_unique<Interception>(options_.interceptors, *call.method, address_,
                                                     metadata, loop_.clock(), call.deadline);
  return call.interception->start(call.call->reply_metadata());
}

// Sends the call or keeps it until there is a connection: `call` is taken. Or fails.
Status ClientCore::place(StartedCall& call, const void* argument, bool wait_for_ready,
                         const Metadata& metadata, Afterwards& afterwards) {
  const Method& method = *call.method;
  if (!unusable_.ok()) {
    return unusable_.with_context(failure_text(method, address_, "not called"))
        .with_handler_ran(HandlerRan::kNo);
  }
  if (state_ == State::kClosed) {
    return why_closed_.with_context(failure_text(method, address_, "not called"));
  }
  if (call.attempt && state_ != State::kReady) {
    return Status(Code::kUnavailable, failure_text(method, address_, "not connected"),
                  HandlerRan::kNo);
  }
  if (state_ == State::kBackingOff && !wait_for_ready) return not_connected(method);

  std::uint64_t id = next_id_++;
  if (!call.attempt) call.call->set_owner(weak_from_this(), id);
  bool on_loop = loop_.in_this_thread();
  bool now = state_ == State::kReady || (state_ == State::kHandshaking && !wait_for_ready);
  bool has_deadline = call.has_deadline();
  Status failure = now ? connection_->send(id, call, argument, metadata, call.timeout)
                       : keep(call, argument, wait_for_ready, metadata, id);
  if (!failure.ok()) return failure;
  if (state_ == State::kIdle) {
    state_ = State::kConnecting;
    afterwards.connect = true;
    return {};
  }
  if (now && on_loop && connection_->in_turn()) {
    if (has_deadline) connection_->start_deadlines();
    return {};
  }
  // The turn of the loop that flushes also watches the deadline.
  if ((now || has_deadline) && !flush_posted_) {
    afterwards.flush = shared_from_this();
    flush_posted_ = true;
  }
  return {};
}

Status ClientCore::keep(StartedCall& call, const void* argument, bool wait_for_ready,
                        const Metadata& metadata, std::uint64_t id) {
  const Method& method = *call.method;
  std::size_t limit = options_.limits.calls_in_flight;
  if (in_flight() >= limit) {
    return Status(Code::kResourceExhausted,
                  failure_text(method, address_,
                               fmt::format("{} calls wait for a connection or a reply; the limit "
                                           "is {}",
                                           in_flight(), limit)),
                  HandlerRan::kNo);
  }
  try {
    waiting_.insert(
        id, call,
        std::make_unique<WaitingCall>(method.argument(), argument, metadata, wait_for_ready));
  } catch (const std::exception& thrown) {
    return Status(Code::kInternal,
                  failure_text(method, address_, fmt::format("request: {}", thrown.what())),
                  HandlerRan::kNo);
  }
  return {};
}

std::size_t ClientCore::in_flight() const noexcept {
  return waiting_.size() + (connection_ ? connection_->pending() : 0);
}

Status ClientCore::not_connected(const Method& method) const {
  Time wait = std::max(next_attempt_ - loop_.now(), Time::zero());
  return Status(Code::kUnavailable,
                failure_text(method, address_,
                             fmt::format("not connected: {}; next attempt in {}",
                                         last_failure_.message(), base::duration_text(wait))),
                HandlerRan::kNo);
}

void ClientCore::post_flush(const std::shared_ptr<ClientCore>& self) {
  try {
    self->loop_.post([self] { self->flush(); });
  } catch (...) {
    // Out of memory for the message to the loop: what is queued goes with the next flush.
    std::lock_guard lock(self->mutex_);
    self->flush_posted_ = false;
  }
}

void ClientCore::flush() {
  std::shared_ptr<ClientConnection> connection;
  std::vector<std::shared_ptr<ClientConnection>> draining;
  {
    std::lock_guard lock(mutex_);
    flush_posted_ = false;
    waiting_.start_deadlines();
    connection = connection_;
    if (!draining_.empty()) draining = draining_;
  }
  if (connection) connection->flush();
  for (auto& old : draining) old->flush();
}

void ClientCore::cancel(std::uint64_t call_id) {
  loop_.post([self = shared_from_this(), call_id] { self->give_up(call_id, Code::kCancelled); });
}

void ClientCore::callback_threw(std::string_view what) {
  log_.line(fmt::format("tern: {}: the callback of a call threw: {}", address_, what));
}

// Ends one call early, wherever it waits.
void ClientCore::give_up(std::uint64_t id, Code code) {
  std::shared_ptr<void> alive = keep_alive();
  std::unique_ptr<WaitingCall> waiting;
  std::vector<std::shared_ptr<ClientConnection>> connections;
  {
    std::lock_guard lock(mutex_);
    waiting = waiting_.take(id);
    if (!waiting) {
      connections = draining_;
      if (connection_) connections.push_back(connection_);
    }
  }
  if (waiting) end_waiting(waiting->started, code);
  for (auto& connection : connections) {
    if (connection->give_up(id, code)) return;
  }
}

void ClientCore::end_waiting(StartedCall& call, Code code) {
  Status outcome;
  try {
    std::string why;
    {
      std::lock_guard lock(mutex_);
      if (!last_failure_.ok()) why = fmt::format("; the last attempt: {}", last_failure_.message());
    }
    std::string what =
        code == Code::kDeadlineExceeded
            ? fmt::format("no connection within {}{}", base::duration_text(call.timeout), why)
            : "cancelled by the caller";
    outcome = Status(code, failure_text(*call.method, address_, what), HandlerRan::kNo);
  } catch (const std::bad_alloc&) {
    // The call ends all the same, with fewer words.
    outcome = Status(code, "", HandlerRan::kNo);
  }
  call.finish(std::move(outcome));
}

ClientStats ClientCore::stats() const {
  std::lock_guard lock(mutex_);
  ClientStats stats;
  stats.calls_started = start_count_;
  stats.calls_pending = waiting_.size();
  stats.connects = connect_count_;
  stats.connect_failures = failure_count_;
  stats.late_replies = strays_.late;
  stats.unknown_replies = strays_.unknown;
  stats.timers = waiting_.timers();
  auto add = [&stats](const ClientConnection& connection) {
    stats.calls_pending += connection.pending();
    stats.timers += connection.timers();
    stats.unsent_bytes += connection.unsent();
  };
  if (connection_) add(*connection_);
  for (const auto& connection : draining_) add(*connection);
  return stats;
}

}  // namespace tern::call
