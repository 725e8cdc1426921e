#include "cluster/cluster_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "call/call_timeout.h"
#include "call/failure_text.h"
#include "cluster/reply_place.h"
#include "cluster/retry_rules.h"
#include "net/turn_time.h"

namespace tern::cluster {

// --- The beginning ---

[[gnu::always_inline]] inline ClusterCall::ClusterCall(const std::shared_ptr<Core>& core,
                                                       const Method& method, const void* argument,
                                                       const CallOptions& options,
                                                       const SubchannelPtr& only_there)
    : core_(core),
      choice_(core->picker(), only_there),
      request_(method, core->options().name, argument, options),
      wait_for_ready_(options.wait_for_ready),
      hedged_(core->hedges() && method.idempotent && !only_there &&
              method.kind == MethodKind::kUnary) {
  started_.method = &method;
  started_.compression = options.grpc_compression.value_or(core->options().client.grpc_compression);
}

[[gnu::always_inline]] inline Status ClusterCall::prepare(const CallOptions& options,
                                                          std::optional<Time> timeout,
                                                          Clock::TimePoint now) {
  const ClusterOptions& rules = core_->options();
  if (timeout) {
    started_.timeout = *timeout;
    started_.deadline = saturating_add(now, *timeout);
  }
  Status failure = core_->counters().call_started(now);
  counted_ = failure.ok();
  if (!failure.ok()) return request_.not_called(failure, 0);
  if (!rules.interceptors.empty()) {
    started_.interception = std::make_shared<call::Interception>(
        rules.interceptors, request_.method(), rules.name, options.metadata, core_->home().clock(),
        started_.deadline);
    failure = started_.interception->start(started_.call->reply_metadata());
    if (!failure.ok()) return failure;
    if (run_) run_->set_interceptors(started_.interception);
    request_.metadata = started_.interception->metadata();
  }
  if (timeout && *timeout <= Time::zero()) return request_.no_time(*timeout);
  return {};
}

// The fast path: most calls are sent once, to the server that is chosen for them.
[[gnu::always_inline]] inline void ClusterCall::begin(Self self, Clock::TimePoint now) noexcept {
  if (hedged_ || choice_.one_server()) return go_on(std::move(self), nullptr, now);
  Pick picked = choice_.pick_first(request_, now);
  if (!picked.server || picked.server->connectivity != Connectivity::kReady) {
    return go_on(std::move(self), std::move(picked.server), now);
  }
  Detours detours;
  if (!send(self, std::move(picked.server), false, now, detours)) return;
  go_on(std::move(self), nullptr, core_->home().now(), std::move(detours));
}

void ClusterCall::start(const std::shared_ptr<Core>& core, const Method& method,
                        const void* argument, const CallOptions& options, CallRef&& call,
                        const SubchannelPtr& only_there) {
  Self self;
  Status failure;
  Clock::TimePoint now{};
  // The time matters little, but for a deadline.
  const std::optional<Time> timeout = call::timeout_of(options, method, core->options().client);
  try {
    self = std::make_shared<ClusterCall>(core, method, argument, options, only_there);
    call->set_owner(self, 0);
    self->started_.call = std::move(call);
    now = timeout ? core->home().now() : net::TurnTime::get(core->home().clock());
    if (self->started_.call->stream()) failure = self->prepare_stream(self, options);
    if (failure.ok()) failure = self->prepare(options, timeout, now);
    if (failure.ok() && self->hedged_) self->prepare_to_wait(self);
  } catch (const std::exception& thrown) {
    failure =
        Status(Code::kResourceExhausted,
               call::failure_text(method, "cluster", fmt::format("not called: {}", thrown.what())),
               HandlerRan::kNo);
  }
  if (!self) {
    call->complete(std::move(failure));
  } else if (!failure.ok()) {
    self->fail(std::move(failure));
  } else {
    ClusterCall& started = *self;
    started.begin(std::move(self), now);
  }
}

ClusterCall::~ClusterCall() = default;

// --- Choosing ---

void ClusterCall::go_on(Self self, SubchannelPtr server, Clock::TimePoint now,
                        Detours&& detours) noexcept {
  try {
    choose(self, std::move(server), now, detours);
  } catch (const std::exception& thrown) {
    fail_not_called(Status(Code::kResourceExhausted, thrown.what(), HandlerRan::kNo));
  }
}

void ClusterCall::choose(Self& self, SubchannelPtr server, Clock::TimePoint now, Detours& detours) {
  for (;;) {
    if (expired(now)) return fail(request_.out_of_time(started_.timeout, attempts_.sent()));
    if (cancelled_) return fail(request_.cancelled());
    if (!server) {
      Pick picked = choice_.pick(request_, attempts_, detours.avoid(), now);
      if (!picked.failure.ok()) return fail_not_called(picked.failure);
      // It has been everywhere.
      if (picked.again) return detours.full().ok() ? pause(self) : fail(detours.full());
      server = std::move(picked.server);
    }
    const bool ready = server && server->connectivity == Connectivity::kReady;
    const bool here =
        ready ? send(self, std::move(server), false, now, detours) : wait(self, server);
    if (!here) return;
    server.reset();
    now = core_->home().now();
  }
}

bool ClusterCall::send(Self& self, SubchannelPtr server, bool hedge, Clock::TimePoint now,
                       Detours& detours) {
  // Nobody can cancel a call that is being started: later, somebody may have.
  const bool starting = !request_.argument_kept() && !run_;
  const bool retry = !hedge && attempts_.sent() > 0;
  // Its reply goes where the caller's goes, if no other one can come meanwhile.
  call::StartedCall started;
  if (hedged_) started.call = CallRef(new ReplyPlace(request_.method().result()));
  if (run_) started.call = run_->open(started_.call, request_, *server);
  const void* argument = request_.argument();
  Attempt& attempt = *attempts_.make();
  if (!(hedge ? progress_.begin_beside() : progress_.begin(hedged_))) {
    attempts_.drop(attempt);
    if (run_) run_->stream().cancel_attempt(request_.cancelled());
    return false;
  }
  attempt.server = std::move(server);
  attempt.started_at = now;
  attempt.round = choice_.round();
  attempt.starting = starting;
  attempts_.add(attempt);

  started.attempt = &attempt;
  started.method = started_.method;
  started.compression = started_.compression;
  if (started_.has_deadline()) {
    started.deadline = started_.deadline;
    started.timeout = started_.deadline - now;
  }
  if (hedged_) {
    set_hedge(self, now);
  } else if (!run_) {
    started.call = std::move(started_.call);
    started.call->reply_metadata().clear();
  }
  // Counted before it looks whether the server is listed: see ServerSet::release().
  core_->counters().attempt_started(*attempt.server, retry, hedge);
  Self alive = starting ? nullptr : self;
  attempt.call = std::move(self);
  Status failure = attempt.send(started, argument, request_.metadata);
  if (failure.ok()) {
    // A thread that ended the call before this attempt was sent has not cancelled the attempt.
    if (alive && (cancelled_ || progress_.ended())) cancel_attempts();
    return false;
  }
  self = std::move(attempt.call);
  const bool sent = failure.handler_ran() != HandlerRan::kNo;
  if (!sent) {
    attempt.untouched.store(true, std::memory_order_relaxed);
    core_->counters().attempt_not_sent(*attempt.server, retry, hedge);
  }
  if (run_) {
    // Nothing of it can have come, so there is nothing to wait for.
    return end_stream_attempt(attempt, *started.call, std::move(failure), sent, detours) ==
           Next::kChoose;
  }
  return end_attempt(attempt, std::move(started.call), std::move(failure), sent, detours);
}

bool ClusterCall::wait(const Self& self, const SubchannelPtr& server) {
  prepare_to_wait(self);
  progress_.wait();
  Wait wait = core_->wait(self, server, choice_.one_server(), wait_for_ready_, started_.deadline);
  if (wait.kind == Wait::Kind::kWaiting) {
    // A thread that cancels looks for the call in the queue, and may have looked too early.
    if (cancelled_ && core_->queue().take(*this)) fail(request_.cancelled());
    return false;
  }
  progress_.choose();
  if (wait.kind == Wait::Kind::kNow) return true;
  fail_not_called(wait.failure);
  return false;
}

// Before it is sent to a server that it has been sent to before.
void ClusterCall::pause(const Self& self) {
  prepare_to_wait(self);
  const Clock::TimePoint next =
      saturating_add(core_->home().now(), choice_.pause(core_->options()));
  progress_.pause();
  Wait wait = core_->queue().add_for_time(self, std::min(next, started_.deadline));
  if (wait.kind == Wait::Kind::kFailed) return fail_not_called(wait.failure);
  if (cancelled_ && core_->queue().take(*this)) fail(request_.cancelled());
}

void ClusterCall::prepare_to_wait(const Self& self) {
  request_.keep_argument();
  if (may_wait_) return;
  self_ = self;
  may_wait_ = true;
}

// --- Out of the queue ---

void ClusterCall::resume(const SubchannelPtr& server) {
  progress_.choose();
  go_on(self_.lock(), server, core_->home().now());
}

void ClusterCall::give_up(Status why) {
  fail_not_called(why);
}

void ClusterCall::cancel(std::uint64_t) {
  cancelled_ = true;
  cancel_attempts();
  // A thread that lets it wait from now on sees that it is cancelled.
  if (!core_->queue().waits(*this)) return;
  core_->home().post([self = self_.lock()] {
    if (self->core_->queue().take(*self)) self->fail(self->request_.cancelled());
  });
}

// An attempt's stream may have been opened: its handler is not denied.
void ClusterCall::cancel_attempts() {
  if (run_) {
    run_->stream().cancel_attempt(request_.cancelled().with_handler_ran(HandlerRan::kUnknown));
  } else {
    attempts_.cancel();
  }
}

void ClusterCall::on_alarm(Alarm& /*alarm*/) {
  const Self self = self_.lock();
  switch (progress_.state()) {
    case CallProgress::State::kWaiting:
    case CallProgress::State::kPausing:
      if (!core_->queue().take_if_due(*this)) return;
      progress_.choose();
      return go_on(self, nullptr, core_->home().now());
    case CallProgress::State::kAttempting:
      if (hedged_) hedge(self);
      return;
    case CallProgress::State::kChoosing:
    case CallProgress::State::kEnded:
      return;  // another thread was faster
  }
}

// --- Attempts ---

void ClusterCall::on_attempt_end(Self&& self, Attempt& attempt, CallRef&& reply,
                                 Status&& outcome) noexcept {
  Self alive = std::move(self);
  if (run_) {
    return on_stream_attempt_end(std::move(alive), attempt, std::move(reply), std::move(outcome));
  }
  Detours detours;
  if (!end_attempt(attempt, std::move(reply), std::move(outcome), true, detours)) return;
  go_on(std::move(alive), nullptr, core_->home().now());
}

[[gnu::always_inline]] inline bool ClusterCall::end_attempt(Attempt& attempt, CallRef&& reply,
                                                            Status&& outcome, bool sent,
                                                            Detours& detours) {
  if (tells_latency(outcome)) {
    const Clock::TimePoint now = net::TurnTime::get(core_->home().clock());
    attempt.server->load->observe(now - attempt.started_at, now);
  }
  core_->servers().attempt_ended(attempt.server, outcome);
  if (!hedged_) started_.call = std::move(reply);
  if (!outcome.ok()) {
    // Others may yet succeed.
    if (progress_.fail(outcome.handler_ran(), hedged_) != CallProgress::Left::kCall) return false;
    if (!sent && detours.add(attempt, outcome)) return true;
    if (retry_allowed(outcome, *attempt.server)) return true;
  }
  if (!claim_end()) return false;
  if (hedged_) {
    attempts_.cancel(&attempt);
    static_cast<ReplyPlace&>(*reply).hand_over(*started_.call, outcome.ok());
  }
  finish(std::move(outcome));
  return false;
}

bool ClusterCall::retry_allowed(const Status& failure, const Subchannel& server) {
  if (choice_.one_server() || cancelled_) return false;
  const Clock::TimePoint now = core_->home().now();
  if (expired(now)) return false;
  if (!worth_a_retry(failure, request_.method().idempotent)) return false;
  // A call that a server has not run because it is going away adds no load.
  if (failure.handler_ran() == HandlerRan::kNo && !server.client->connected()) return true;
  if (attempts_.sent() >= core_->options().retry.max_attempts) return false;
  return core_->counters().spend(now);
}

// For when the attempt that is about to be sent gets no answer. Before it is sent: then the call
// may be in other hands.
void ClusterCall::set_hedge(const Self& self, Clock::TimePoint now) noexcept {
  const HedgePolicy& policy = core_->options().hedge;
  if (attempts_.sent() >= policy.max_attempts) return;
  try {
    hedge_at_ = saturating_add(now, policy.after);
    alarm.set(core_->alarms(), self, hedge_at_);
  } catch (...) {
    // Out of memory for the alarm: it waits for the answer as if there were no hedges.
  }
}

// The answer is late: asks one more server.
void ClusterCall::hedge(const Self& self) {
  if (attempts_.sent() >= core_->options().hedge.max_attempts) return;
  const Clock::TimePoint now = core_->home().now();
  if (now < hedge_at_.load() || cancelled_ || expired(now)) return;
  Pick picked = choice_.pick(request_, attempts_, {}, now);
  if (!picked.server || picked.again) return;
  if (picked.server->connectivity != Connectivity::kReady) return;
  if (!core_->counters().spend(now)) return;
  Detours detours;
  Self mine = self;
  if (!send(mine, std::move(picked.server), true, now, detours)) return;
  go_on(self, nullptr, core_->home().now());
}

// --- Its stream ---

Status ClusterCall::prepare_stream(const Self& self, const CallOptions& options) {
  const Method& method = request_.method();
  auto* stream = dynamic_cast<ClusterStream*>(started_.call->stream());
  if (!stream) {
    return Status(
        Code::kFailedPrecondition,
        call::failure_text(method, core_->options().name,
                           "the stream of the call was not made by make_stream() of this cluster"),
        HandlerRan::kNo);
  }
  run_ = std::make_unique<StreamRun>(stream->shared_from_this(), method, options, core_->options(),
                                     choice_.one_server());
  stream->begin(self, run_->resumes());
  // The program's threads, servers that leave and deadlines have a hand in it.
  self_ = self;
  may_wait_ = true;
  return {};
}

ClusterCall::Next ClusterCall::end_stream_attempt(Attempt& attempt, CallState& reply,
                                                  Status&& outcome, bool sent, Detours& detours) {
  StreamRun::End end = run_->end(reply, *started_.call, *attempt.server, std::move(outcome));
  core_->servers().attempt_ended(attempt.server, end.of_server());
  if (!end.outcome.ok()) {
    if (progress_.fail(end.outcome.handler_ran(), false) != CallProgress::Left::kCall) {
      return Next::kNothing;
    }
    if (!end.refused) {
      if (!sent && detours.add(attempt, end.outcome)) return Next::kChoose;
      if (may_resume(end, attempt)) {
        return run_->stream().drained() ? Next::kChoose : Next::kAwaitReader;
      }
      if (!run_->stream().moved() && retry_allowed(end.outcome, *attempt.server)) {
        return Next::kChoose;
      }
      end.outcome = run_->final_outcome(std::move(end.outcome));
    }
  }
  if (claim_end()) finish(std::move(end.outcome));
  return Next::kNothing;
}

void ClusterCall::on_stream_attempt_end(Self self, Attempt& attempt, CallRef&& reply,
                                        Status&& outcome) noexcept {
  Detours detours;
  switch (end_stream_attempt(attempt, *reply, std::move(outcome), true, detours)) {
    case Next::kNothing:
      return;
    case Next::kChoose:
      return go_on(std::move(self), nullptr, core_->home().now(), std::move(detours));
    case Next::kAwaitReader:
      return await_reader(self);
  }
}

// A lost stream costs the budget nothing: what its server had to do, another one does. But one that
// is lost as soon as it is opened is opened no more often than a call is retried.
bool ClusterCall::may_resume(const StreamRun::End& end, Attempt& attempt) {
  if (!run_->resumes() || end.outcome.code() != Code::kUnavailable) return false;
  if (cancelled_ || !run_->stream().given_up().ok()) return false;
  const Clock::TimePoint now = core_->home().now();
  if (expired(now)) return false;
  if (!run_->has_lived(end.drained, now - attempt.started_at)) {
    return wait_for_ready_ || attempts_.sent() < core_->options().retry.max_attempts;
  }
  attempts_.forget_others(attempt);
  choice_.begin_anew();
  attempt.round = 0;
  return true;
}

void ClusterCall::await_reader(const Self& self) noexcept {
  try {
    run_->await_reader();
    progress_.pause();
    Wait wait = core_->queue().add_for_time(self, started_.deadline);
    if (wait.kind == Wait::Kind::kFailed) return fail_not_called(wait.failure);
    if (cancelled_ && core_->queue().take(*this)) return fail(request_.cancelled());
    // It may have taken the last message before the call began to wait.
    if (run_->stream().drained()) go_on_when_drained(self);
  } catch (const std::exception& thrown) {
    fail_not_called(Status(Code::kResourceExhausted, thrown.what(), HandlerRan::kNo));
  }
}

void ClusterCall::on_drained() {
  core_->home().post([self = self_.lock()] {
    if (self) self->go_on_when_drained(self);
  });
}

void ClusterCall::go_on_when_drained(const Self& self) noexcept {
  if (!run_->awaits_reader() || !core_->queue().take(*this)) return;
  run_->stop_awaiting();
  progress_.choose();
  go_on(self, nullptr, core_->home().now());
}

// --- The end ---

void ClusterCall::fail(Status why) {
  if (!claim_end()) return;
  if (hedged_ || run_) cancel_attempts();
  started_.call->reply_metadata().clear();  // an attempt's before
  finish(std::move(why));
}

// Says that the handler has not run only if each attempt has said so: one that still runs says
// nothing.
inline void ClusterCall::finish(Status&& outcome) {
  if (counted_) core_->counters().call_ended();
  if (may_wait_) alarm.clear();
  if (!outcome.ok() && outcome.handler_ran() < progress_.ran()) {
    outcome = outcome.with_handler_ran(progress_.ran());
  }
  if (run_) {
    Status why = run_->stream().given_up();
    if (!why.ok()) outcome = std::move(why);
  }
  started_.finish(std::move(outcome));
}

void ClusterCall::callback_threw(std::string_view what) {
  const Method& method = request_.method();
  core_->log_exception(fmt::format("the callback of {}/{}", method.service, method.name), what);
}

}  // namespace tern::cluster
