#include "call/client_channel.h"

#include <fmt/format.h>

#include <new>
#include <utility>

#include "base/no_destructor.h"
#include "call/failure_text.h"
#include "call/refused_token.h"
#include "call/second_try.h"
#include "stream/make_stream.h"
#include "tern/field.h"
#include "tern/loop_thread.h"

namespace tern::call {

namespace {

using State = Connector::State;

// Made before it is needed: who ends a client has no memory to ask for.
const base::NoDestructor<Status> kClosed(Code::kCancelled, "the client is closed", HandlerRan::kNo);

}  // namespace

ClientChannel::ClientChannel(const Result<Endpoint>& endpoint, std::string address, Loop& loop,
                             bool loop_runs, ClientOptions options)
    : kept_loop_(loop.shared_from_this()),
      loop_(loop),
      loop_runs_(loop_runs),
      options_(std::move(options)),
      address_(std::move(address)),
      log_(loop_.clock(), options_.log, options_.log_level),
      preparation_(loop_, options_, address_),
      shared_(mutex_, *this),
      connector_(ConnectorSetup{loop, mutex_, options_, address_, log_, *this}, endpoint) {}

ClientChannel::Shared::Shared(ClientChannel& channel)
    : waiting(channel.loop_, channel.options_.limits, channel.address_,
              [&channel](std::uint64_t id) { channel.give_up(id, Code::kDeadlineExceeded); }) {}

// Calls are left here only if the loop has ended before it could end them.
ClientChannel::~ClientChannel() {
  take_waiting(&WaitingCalls::take_all).finish([](const StartedCall&) { return *kClosed; });
  connector_.abandon(*kClosed);
}

// --- The start of a call ---

void ClientChannel::start(const Method& method, const void* argument, const CallOptions& options,
                          CallRef call) {
  if (carries_token(options_, options.metadata) && !call->stream()) {
    SecondTry::start(shared_from_this(), loop_, options_, method, argument, options,
                     std::move(call));
  } else {
    start_once(method, argument, options, std::move(call));
  }
}

void ClientChannel::start_once(const Method& method, const void* argument,
                               const CallOptions& options, CallRef&& call, std::uint64_t* token) {
  StartedCall started;
  started.call = std::move(call);
  started.token = token;
  Status failure = preparation_.prepare(started, method, options);
  if (!failure.ok()) {
    count_start();
    refuse(started, std::move(failure));
    return;
  }
  Afterwards afterwards;
  {
    base::MutexLock lock(mutex_);
    failure = place(lock, started, argument, options.wait_for_ready,
                    CallPreparation::sent_metadata(started, options.metadata), afterwards);
  }
  if (!failure.ok()) refuse(started, std::move(failure));
  if (afterwards.waits != 0) dial_for(afterwards.waits);
  if (afterwards.flush) post_flush(afterwards.flush);
}

std::shared_ptr<StreamState> ClientChannel::make_stream(const Method& method) {
  std::shared_ptr<stream::Stream> made =
      stream::make_stream(loop_, method, options_.limits, stream::Role::kCaller);
  made->set_owner(weak_from_this());
  made->keep_codec(options_.codecs.share(options_.codec));
  return made;
}

// The caller finishes the call when this has returned, and may throw then.
void ClientChannel::refuse(StartedCall& call, Status why) {
  call.call->set_owner(weak_from_this(), 0);
  call.finish(std::move(why));
}

Status ClientChannel::start_attempt(StartedCall& call, const void* argument,
                                    const Metadata& metadata) {
  Afterwards afterwards;
  Status failure = preparation_.intercept(call, metadata);
  if (failure.ok()) {
    base::MutexLock lock(mutex_);
    failure = place(lock, call, argument, false, CallPreparation::sent_metadata(call, metadata),
                    afterwards);
  } else {
    count_start();
  }
  // From here on nothing of this client may be there any more, if the call is on its way.
  if (afterwards.flush) post_flush(afterwards.flush);
  if (!failure.ok() && call.interception) {
    std::exchange(call.interception, nullptr)->finish(call.call->reply_metadata(), failure);
  }
  return failure;
}

void ClientChannel::count_start() {
  base::MutexLock lock(mutex_);
  ++shared_.with(lock).calls_started;
}

// Sends the call or keeps it until there is a session: `call` is taken. Or fails.
Status ClientChannel::place(const base::MutexLock& lock, StartedCall& call, const void* argument,
                            bool wait_for_ready, const Metadata& metadata, Afterwards& afterwards) {
  Shared& shared = shared_.with(lock);
  ++shared.calls_started;
  Status refused = connector_.why_not(lock, call, wait_for_ready);
  if (!refused.ok()) return refused;

  const State state = connector_.state(lock);
  std::uint64_t id = shared.next_id++;
  if (!call.attempt) call.call->set_owner(weak_from_this(), id);
  const bool has_deadline = call.has_deadline();
  // The server's answer says whether it has streams.
  const bool now = connector_.takes_calls(lock) ||
                   (state == State::kHandshaking && !wait_for_ready && !call.call->stream());
  if (now) {
    ClientSession& session = connector_.session(lock);
    RequestQueue& queue = session.queue(lock);
    const bool on_loop = loop_.in_this_thread();
    if (on_loop) queue.take_memory();
    Status failure = queue.send(id, call, argument, metadata, call.timeout);
    if (!failure.ok()) return failure;
    if (on_loop && session.in_turn()) {
      if (has_deadline) queue.start_deadlines();
      return {};
    }
  } else {
    const ClientSessions::Session& session = connector_.sessions(lock).current();
    WaitingCalls::Sent sent;
    if (session) {
      sent.streams = session->queue(lock).streams();
      sent.calls = session->queue(lock).pending() - sent.streams;
    }
    Status failure = shared.waiting.keep(id, call, argument, metadata, wait_for_ready, sent);
    if (!failure.ok()) return failure;
    if (state == State::kIdle) {
      connector_.leave_idle(lock);
      afterwards.waits = id;
    }
  }
  // The turn of the loop that flushes also watches the deadline.
  if ((now || has_deadline) && !shared.flush_posted) {
    afterwards.flush = shared_from_this();
    shared.flush_posted = true;
  }
  return {};
}

// For a call that waits: it fails if there is no memory for that.
void ClientChannel::dial_for(std::uint64_t id) {
  try {
    connector_.post_dial();
  } catch (const std::bad_alloc&) {
    std::unique_ptr<WaitingCall> waiting;
    {
      base::MutexLock lock(mutex_);
      waiting = shared_.with(lock).waiting.take(id);
    }
    if (!waiting) return;
    waiting->started.finish(Status::without_memory(Code::kUnavailable, HandlerRan::kNo));
  }
}

void ClientChannel::post_flush(const std::shared_ptr<ClientChannel>& self) {
  try {
    self->loop_.post([self] { self->flush(); });
  } catch (const std::bad_alloc&) {
    self->loop_.post(std::shared_ptr<net::LoopTask>(self, self.get()));
  }
}

void ClientChannel::flush() {
  ClientSessions sessions;
  {
    base::MutexLock lock(mutex_);
    Shared& shared = shared_.with(lock);
    shared.flush_posted = false;
    shared.waiting.start_deadlines();
    sessions = connector_.sessions(lock);
  }
  sessions.for_each([](ClientSession& session) { session.flush(); });
}

// --- Calls that wait for a session ---

TakenCalls ClientChannel::take_waiting(TakenCalls (WaitingCalls::*which)()) {
  base::MutexLock lock(mutex_);
  return (shared_.with(lock).waiting.*which)();
}

void ClientChannel::on_session(ClientSession& session) {
  send_waiting(session, take_waiting(&WaitingCalls::take_early));
}

void ClientChannel::on_ready(ClientSession& session) {
  TakenCalls calls = take_waiting(&WaitingCalls::take_all);
  if (!calls.empty()) send_waiting(session, std::move(calls));
}

// Queues the calls; those that cannot go end here.
void ClientChannel::send_waiting(ClientSession& session, TakenCalls calls) {
  {
    base::MutexLock lock(mutex_);
    calls.send(session.queue(lock), loop_, address_);
  }
  calls.finish_unsent();
}

void ClientChannel::on_connect_failed(const Status& why, Clock::Duration wait) {
  take_waiting(&WaitingCalls::take_fail_fast).finish([&](const StartedCall& call) {
    return Status(Code::kUnavailable,
                  failure_text(*call.method, address_, not_connected_text(why, wait)),
                  HandlerRan::kNo)
        .with_cause(why.cause());
  });
}

// --- The end of a call ---

void ClientChannel::cancel(std::uint64_t call_id) {
  loop_.post([self = shared_from_this(), call_id] { self->give_up(call_id, Code::kCancelled); });
}

void ClientChannel::callback_threw(std::string_view what) {
  log_.line(fmt::format("tern: {}: the callback of a call threw: {}", address_, what));
}

// Ends one call early, wherever it waits.
void ClientChannel::give_up(std::uint64_t id, Code code) {
  std::shared_ptr<void> alive = keep_alive();
  std::unique_ptr<WaitingCall> waiting;
  Status last_attempt;
  ClientSessions sessions;
  {
    base::MutexLock lock(mutex_);
    waiting = shared_.with(lock).waiting.take(id);
    if (waiting) {
      last_attempt = connector_.last_failure(lock);
    } else {
      sessions = connector_.sessions(lock);
    }
  }
  if (waiting) {
    StartedCall& call = waiting->started;
    call.finish(given_up(call, address_, code, Missing::kConnection, last_attempt));
  } else {
    sessions.any_of([&](ClientSession& session) { return session.give_up(id, code); });
  }
}

ClientStats ClientChannel::stats() const {
  base::MutexLock lock(mutex_);
  const Shared& shared = shared_.with(lock);
  ClientStats stats;
  stats.calls_started = shared.calls_started;
  stats.calls_pending = shared.waiting.size();
  stats.streams = shared.waiting.streams();
  stats.timers = shared.waiting.timers();
  connector_.add_to(lock, stats);
  return stats;
}

// --- The end ---

void ClientChannel::close() {
  {
    base::MutexLock lock(mutex_);
    connector_.close(lock, *kClosed);
  }
  // A loop that has stopped is nobody's: its work is done here.
  if (loop_.ended() || loop_.in_this_thread() || loop_.io().stopped()) {
    shut_down(*kClosed);
    return;
  }
  CallRef done(new CallStateOf<Nothing>());
  loop_.post([self = shared_from_this(), done] {
    self->shut_down(*kClosed);
    done->complete(Status());
  });
  if (loop_runs_ && !on_loop_thread()) done->wait();
}

// Misuse, and no reason to wait for ever.
void ClientChannel::on_pool_gone() {
  Status why(Code::kFailedPrecondition,
             "the IoPool of the client is gone; it must outlive the client", HandlerRan::kNo);
  {
    base::MutexLock lock(mutex_);
    connector_.close(lock, why);
  }
  shut_down(why);
}

void ClientChannel::shut_down(const Status& why) {
  std::shared_ptr<ClientChannel> self = shared_from_this();
  TakenCalls waiting = take_waiting(&WaitingCalls::take_all);
  connector_.shut_down(why);
  waiting.finish([&](const StartedCall& call) {
    return why.with_context(failure_text(*call.method, address_, "not called"));
  });
}

}  // namespace tern::call
