#include "cluster/cluster_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "call/call_timeout.h"
#include "call/refused_token.h"
#include "cluster/retry_rules.h"
#include "net/turn_time.h"

namespace tern::cluster {

// --- The beginning ---

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
    request_.metadata = started_.interception->metadata();
  }
  if (timeout && *timeout <= Time::zero()) return request_.no_time(*timeout);
  return {};
}

// The fast path: most calls are sent once, to the server that is chosen for them.
[[gnu::always_inline]] inline void ClusterCall::begin(Self self, Clock::TimePoint now) noexcept {
  if (kind_ == Kind::kHedged || choice_.one_server()) return go_on(std::move(self), nullptr, now);
  Detours detours;
  try {
    Pick picked = choice_.pick_first(request_, now);
    if (!picked.server || picked.server->connectivity != Connectivity::kReady) {
      return go_on(std::move(self), std::move(picked.server), now);
    }
    if (!send(self, std::move(picked.server), false, now, detours)) return;
  } catch (const std::exception&) {
    return fail_thrown();
  }
  go_on(std::move(self), nullptr, core_->home().now(), std::move(detours));
}

void ClusterCall::start(Self self, CallRef&& call, const CallOptions& options) {
  const std::optional<Time> timeout =
      call::timeout_of(options, request_.method(), core_->options().client);
  call->set_owner(self, 0);
  started_.call = std::move(call);
  Status failure;
  Clock::TimePoint now{};
  try {
    // The time matters little, but for a deadline.
    now = timeout ? core_->home().now() : net::TurnTime::get(core_->home().clock());
    failure = prepare(options, timeout, now);
  } catch (const std::exception&) {
    failure = not_called(request_.method());
  }
  if (!failure.ok()) return fail(std::move(failure));
  begin(std::move(self), now);
}

ClusterCall::~ClusterCall() = default;

// --- Choosing ---

void ClusterCall::go_on(Self self, SubchannelPtr server, Clock::TimePoint now,
                        Detours&& detours) noexcept {
  try {
    choose(self, std::move(server), now, detours);
  } catch (const std::exception&) {
    fail_thrown();
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
  const bool starting = kind_ == Kind::kPlain && !request_.argument_kept();
  const bool retry = !hedge && attempts_.sent() > 0;
  call::StartedCall started;
  Attempts::Made made = attempts_.make();
  if (kind_ != Kind::kPlain) started.call = open_place(server);
  const void* argument = request_.argument();
  if (!(hedge ? progress_.begin_beside() : progress_.begin(kind_ == Kind::kHedged))) {
    leave_place();
    return false;
  }
  made->server = std::move(server);
  made->started_at = now;
  made->round = choice_.round();
  made->starting = starting;
  if (has_token_) made->token = made->server->client->token_number();
  Attempt& attempt = attempts_.add(std::move(made));

  started.attempt = &attempt;
  started.method = started_.method;
  started.compression = started_.compression;
  if (started_.has_deadline()) {
    started.deadline = started_.deadline;
    started.timeout = started_.deadline - now;
  }
  if (started.call) {
    before_attempt(self, now);
  } else {
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
  if (has_token_ && wants_token(failure)) {
    renew_token(self, attempt, std::move(started.call), failure);
    return false;
  }
  return end_attempt(self, attempt, std::move(started.call), std::move(failure), sent, detours);
}

bool ClusterCall::wait(const Self& self, const SubchannelPtr& server) {
  prepare_to_wait(self);
  progress_.wait();
  Wait wait = core_->wait(self, server, choice_.one_server(), wait_for_ready_, started_.deadline);
  if (wait.kind == Wait::Kind::kWaiting) {
    end_if_cancelled();
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
  end_if_cancelled();
}

void ClusterCall::prepare_to_wait(const Self& self) {
  request_.keep_argument();
  if (!shared_) share(self);
}

// --- Out of the queue ---

void ClusterCall::resume(const SubchannelPtr& server) noexcept {
  progress_.choose();
  go_on(self_.lock(), server, core_->home().now());
}

void ClusterCall::give_up(Status why) noexcept {
  fail_not_called(why);
}

void ClusterCall::cancel(std::uint64_t) {
  cancelled_ = true;
  cancel_attempts();
  // A thread that lets it wait from now on sees that it is cancelled.
  if (core_->queue().waits(*this)) post(self());
}

void ClusterCall::cancel_attempts() {
  attempts_.cancel();
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
      return on_attempt_alarm(self);
    case CallProgress::State::kChoosing:
    case CallProgress::State::kEnded:
      return;  // another thread was faster
  }
}

// --- The end of an attempt ---

void ClusterCall::on_attempt_end(Self&& self, Attempt& attempt, CallRef&& reply,
                                 Status&& outcome) noexcept {
  Self alive = std::move(self);
  if (has_token_ && wants_token(outcome)) {
    return renew_token(alive, attempt, std::move(reply), outcome);
  }
  Detours detours;
  const bool again =
      kind_ == Kind::kStream
          ? end_attempt(alive, attempt, std::move(reply), std::move(outcome), true, detours)
          : end_unary_attempt(attempt, std::move(reply), std::move(outcome), true, detours);
  if (again) go_on(std::move(alive), nullptr, core_->home().now());
}

[[gnu::always_inline]] inline bool ClusterCall::end_unary_attempt(Attempt& attempt, CallRef&& reply,
                                                                  Status&& outcome, bool sent,
                                                                  Detours& detours) {
  const bool hedged = kind_ == Kind::kHedged;
  if (tells_latency(outcome)) {
    const Clock::TimePoint now = net::TurnTime::get(core_->home().clock());
    attempt.server->load->observe(now - attempt.started_at, now);
  }
  core_->servers().attempt_ended(attempt.server, outcome);
  if (!hedged) started_.call = std::move(reply);
  if (!outcome.ok()) {
    // Others may yet succeed.
    if (progress_.fail(outcome.handler_ran(), hedged) != CallProgress::Left::kCall) return false;
    if (!sent && detours.add(attempt, outcome)) return true;
    if (retry_allowed(outcome, *attempt.server)) return true;
  }
  if (!claim_end()) return false;
  if (hedged) take_reply(attempt, *reply, outcome.ok());
  finish(std::move(outcome));
  return false;
}

bool ClusterCall::end_attempt(const Self& /*self*/, Attempt& attempt, CallRef&& reply,
                              Status&& outcome, bool sent, Detours& detours) {
  return end_unary_attempt(attempt, std::move(reply), std::move(outcome), sent, detours);
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

// --- Its token ---

bool ClusterCall::wants_token(const Status& failure) const {
  return !token_renewed_ && !cancelled_ && call::is_refused_token(failure, request_.method()) &&
         call::carries_token(core_->options().client, request_.metadata);
}

void ClusterCall::renew_token(const Self& self, const Attempt& attempt, CallRef&& reply,
                              const Status& refused) noexcept {
  const SubchannelPtr server = attempt.server;
  const bool hedged = kind_ == Kind::kHedged;
  core_->servers().attempt_ended(server, refused);
  if (!hedged) started_.call = std::move(reply);
  // Others may yet succeed, or fail in the same way.
  if (progress_.fail(refused.handler_ran(), hedged) != CallProgress::Left::kCall) return;
  token_renewed_ = true;
  try {
    auto renew = [self, server, refused, seen = attempt.token] {
      server->client->renew_token(seen, [self, server, refused](const Status& renewed) {
        self->on_token(server, refused, renewed);
      });
    };
    prepare_to_wait(self);
    progress_.pause();
    Wait wait = core_->queue().add_for_time(self, started_.deadline);
    if (wait.kind == Wait::Kind::kFailed) return fail_not_called(wait.failure);
    if (cancelled_ && core_->queue().take(*this)) return fail(request_.cancelled());
    // Where its client has its tokens; the caller's thread may be another one.
    Loop& there = server->client->loop();
    there.in_this_thread() ? renew() : there.post(std::move(renew));
  } catch (const std::exception&) {
    // If it waits, the code that takes it out of the queue ends it.
    if (progress_.state() == CallProgress::State::kPausing && !core_->queue().take(*this)) return;
    fail_thrown();
  }
}

// Where the token is fresh: to that server, unless it has gone meanwhile.
void ClusterCall::on_token(const SubchannelPtr& server, const Status& refused,
                           const Status& renewed) noexcept {
  if (!core_->queue().take(*this)) return;
  progress_.choose();
  if (renewed.ok()) {
    go_on(self(), server, core_->home().now());
  } else {
    fail(refused.with_context("there is no fresh token, either"));
  }
}

// --- The end ---

void ClusterCall::fail(Status why) {
  if (!claim_end()) return;
  if (kind_ != Kind::kPlain) cancel_attempts();
  started_.call->reply_metadata().clear();  // an attempt's before
  finish(std::move(why));
}

void ClusterCall::fail_thrown() noexcept {
  fail_not_called(failure_of_thrown());
}

// Says that the handler has not run only if each attempt has said so: one that still runs says
// nothing.
void ClusterCall::finish(Status&& outcome) {
  if (counted_) core_->counters().call_ended();
  if (shared_) alarm.clear();
  if (!outcome.ok() && outcome.handler_ran() < progress_.ran()) {
    outcome = outcome.with_handler_ran(progress_.ran());
  }
  if (kind_ != Kind::kPlain) outcome = final_outcome(std::move(outcome));
  started_.finish(std::move(outcome));
}

void ClusterCall::callback_threw(std::string_view what) {
  const Method& method = request_.method();
  core_->log_exception(fmt::format("the callback of {}/{}", method.service, method.name), what);
}

}  // namespace tern::cluster
