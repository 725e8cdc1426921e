#include "cluster/cluster_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "base/duration_text.h"
#include "call/call_timeout.h"
#include "call/failure_text.h"
#include "cluster/call_memory.h"
#include "net/turn_time.h"

namespace tern {

// --- The beginning ---

[[gnu::always_inline]] inline ClusterCall::ClusterCall(const std::shared_ptr<ClusterCore>& core,
                                                       const Method& method, const void* argument,
                                                       const CallOptions& options,
                                                       const NodePtr& only_there)
    : core_(core),
      only_there_(only_there),
      argument_(argument),
      wait_for_ready_(options.wait_for_ready),
      hedged_(core->hedges() && method.idempotent && !only_there) {
  started_.method = &method;
  if (!options.metadata.empty()) metadata_ = options.metadata;
  if (!options.hash_key.empty()) key_ = hash_of_key(options.hash_key);
}

[[gnu::always_inline]] inline Status ClusterCall::prepare(const CallOptions& options,
                                                          std::optional<Time> timeout,
                                                          Clock::TimePoint now) {
  const ClusterOptions& rules = core_->options();
  const Method& method = *started_.method;
  if (timeout) {
    started_.timeout = *timeout;
    started_.deadline = saturating_add(now, *timeout);
  }
  Status failure = core_->call_started(now);
  counted_ = failure.ok();
  if (!failure.ok()) return not_called(failure);
  if (!rules.interceptors.empty()) {
    started_.interception =
        std::make_unique<Interception>(rules.interceptors, method, rules.name, options.metadata,
                                       core_->home().clock(), started_.deadline);
    failure = started_.interception->start(started_.call->reply_metadata());
    if (!failure.ok()) return failure;
    metadata_ = started_.interception->metadata();
  }
  if (timeout && *timeout <= Time::zero()) {
    return Status(Code::kDeadlineExceeded,
                  failure_text(method, rules.name,
                               fmt::format("deadline exceeded before the call: {} were left",
                                           duration_text(*timeout))),
                  HandlerRan::kNo);
  }
  return {};
}

// Most calls go to the server that is chosen for them, and there the first time: this is their way.
[[gnu::always_inline]] inline void ClusterCall::begin(std::shared_ptr<ClusterCall> self,
                                                      Clock::TimePoint now) noexcept {
  if (hedged_) return go_on(std::move(self), nullptr, now);
  if (only_there_) return go_on(std::move(self), nullptr, now);
  ClusterChoice choice = core_->choose(pick_request(now), {});
  if (!choice.node || choice.node->reach != Reach::kReady) {
    return go_on(std::move(self), std::move(choice.node), now);
  }
  Status full;
  const std::uint64_t id = choice.node->load->id();
  Sent sent = send(self, std::move(choice.node), false, now, full);
  if (sent == Sent::kGone) return;
  std::vector<std::uint64_t> avoid;
  if (sent != Sent::kRetry) avoid.push_back(id);
  go_on(std::move(self), nullptr, core_->home().now(), std::move(avoid), std::move(full));
}

void ClusterCall::start(const std::shared_ptr<ClusterCore>& core, const Method& method,
                        const void* argument, const CallOptions& options, CallRef&& call,
                        const NodePtr& only_there) {
  std::shared_ptr<ClusterCall> self;
  Status failure;
  Clock::TimePoint now{};
  // The time matters little, but for a deadline.
  const std::optional<Time> timeout = timeout_of(options, method, core->options().client);
  try {
    self = std::allocate_shared<ClusterCall>(CallMemory<ClusterCall>(), core, method, argument,
                                             options, only_there);
    call->set_owner(self, 0);
    self->started_.call = std::move(call);
    now = timeout ? core->home().now() : TurnTime::get(core->home().clock());
    failure = self->prepare(options, timeout, now);
    if (failure.ok() && self->hedged_) self->prepare_to_wait(self);
  } catch (const std::exception& thrown) {
    failure = Status(Code::kResourceExhausted,
                     failure_text(method, "cluster", fmt::format("not called: {}", thrown.what())),
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

// --- Where to ---

void ClusterCall::go_on(std::shared_ptr<ClusterCall> self, NodePtr node, Clock::TimePoint now,
                        std::vector<std::uint64_t> avoid, Status full) noexcept {
  try {
    go_where_it_can(self, std::move(node), now, avoid, full);
  } catch (const std::exception& thrown) {
    fail(not_called(Status(Code::kResourceExhausted, thrown.what(), HandlerRan::kNo)));
  }
}

void ClusterCall::go_where_it_can(std::shared_ptr<ClusterCall>& self, NodePtr node,
                                  Clock::TimePoint now, std::vector<std::uint64_t>& avoid,
                                  Status& full) {
  while (!progress_.ended()) {
    if (expired(now)) return expire();
    if (cancelled_) return fail(cancelled());
    if (!node) {
      ClusterChoice choice = choose(avoid, now);
      if (!choice.failure.ok()) return fail(not_called(choice.failure));
      // It has been everywhere.
      if (choice.again) return full.ok() ? pause(self) : fail(full);
      node = std::move(choice.node);
    }
    if (!node || node->reach != Reach::kReady) {
      if (!wait_for(self, node)) return;
    } else {
      const std::uint64_t id = node->load->id();
      Sent sent = send(self, std::move(node), false, now, full);
      if (sent == Sent::kGone) return;
      if (sent != Sent::kRetry) avoid.push_back(id);
    }
    node.reset();
    now = core_->home().now();
  }
}

ClusterChoice ClusterCall::choose(const std::vector<std::uint64_t>& avoid, Clock::TimePoint now) {
  if (only_there_) {
    ClusterChoice choice;
    choice.node = only_there_;
    choice.again = !avoid.empty();
    if (!only_there_->listed) choice.failure = core_->not_listed(*only_there_);
    return choice;
  }
  PickRequest request = pick_request(now);
  if (attempts_.none()) {
    request.again = !avoid.empty();
    return core_->choose(request, avoid);
  }
  std::vector<std::uint64_t> tried = avoid;
  attempts_.add_servers(pauses_, tried);
  request.again = !tried.empty();
  return core_->choose(request, tried);
}

// True if there is no need to wait: choose again.
bool ClusterCall::wait_for(const std::shared_ptr<ClusterCall>& self, const NodePtr& node) {
  prepare_to_wait(self);
  ClusterWait wait =
      core_->wait(self, node, only_there_ != nullptr, wait_for_ready_, started_.deadline);
  if (wait.kind == ClusterWait::Kind::kNow) return true;
  if (wait.kind == ClusterWait::Kind::kFailed) {
    fail(not_called(wait.failure));
    return false;
  }
  // Whoever cancels looks for the call among the waiting ones, and may have looked too early.
  if (cancelled_ && core_->take(*this)) fail(cancelled());
  return false;
}

void ClusterCall::resume(const NodePtr& node) {
  go_on(self_.lock(), node, core_->home().now());
}

void ClusterCall::give_up(Status why) {
  fail(not_called(why));
}

// Waits a little before it goes where it has been before.
void ClusterCall::pause(const std::shared_ptr<ClusterCall>& self) {
  prepare_to_wait(self);
  const std::uint32_t pauses = ++pauses_;
  BackoffSchedule schedule(core_->options().retry.backoff, [this] { return core_->random(); });
  Time wait{};
  for (std::uint32_t i = 0; i < pauses; ++i) wait = schedule.next();
  const Clock::TimePoint next = saturating_add(core_->home().now(), wait);
  if (!core_->wait_by_itself(self, std::min(next, started_.deadline))) {
    fail(not_called(Status(Code::kCancelled, "the cluster is closed", HandlerRan::kNo)));
    return;
  }
  if (cancelled_ && core_->take(*this)) fail(cancelled());
}

// --- Time ---

void ClusterCall::on_alarm(Alarm& /*alarm*/) {
  std::shared_ptr<ClusterCall> self = self_.lock();
  if (core_->take_if_due(*this)) {
    go_on(std::move(self), nullptr, core_->home().now());
  } else if (hedged_) {
    hedge(self);
  }
}

// For when the attempt that is about to be sent gets no answer. Before it is sent: then the call
// may be in other hands.
void ClusterCall::set_hedge(const std::shared_ptr<ClusterCall>& self,
                            Clock::TimePoint now) noexcept {
  const HedgePolicy& policy = core_->options().hedge;
  if (attempts_.sent() >= policy.max_attempts) return;
  try {
    hedge_at_ = saturating_add(now, policy.after);
    alarm.set(core_->alarms(), self, hedge_at_);
  } catch (...) {
    // Out of memory for the alarm: it waits for the answer as if there were no hedges.
  }
}

void ClusterCall::cancel(std::uint64_t) {
  cancelled_ = true;
  attempts_.cancel();
  // Who makes it wait from now on sees that it is cancelled.
  if (!core_->waits(*this)) return;
  core_->home().post([self = self_.lock()] {
    if (self->core_->take(*self)) self->fail(self->cancelled());
  });
}

void ClusterCall::callback_threw(std::string_view what) {
  const Method& method = *started_.method;
  core_->log_exception(fmt::format("the callback of {}/{}", method.service, method.name), what);
}

// --- The end ---

void ClusterCall::fail(Status why) {
  if (!claim_end()) return;
  if (hedged_) attempts_.cancel();
  started_.call->reply_metadata().clear();  // an attempt's before
  finish(std::move(why));
}

void ClusterCall::expire() {
  const std::size_t attempts = attempts_.sent();
  std::string what = fmt::format("no {} within {}", attempts > 0 ? "success" : "server to call",
                                 duration_text(started_.timeout));
  if (attempts > 0) {
    what += fmt::format("; {} attempt{} failed", attempts, attempts == 1 ? " has" : "s have");
  }
  fail(Status(Code::kDeadlineExceeded, failure_text(*started_.method, core_->options().name, what),
              HandlerRan::kNo));
}

void ClusterCall::prepare_to_wait(const std::shared_ptr<ClusterCall>& self) {
  keep_argument();
  if (may_wait_) return;
  self_ = self;
  may_wait_ = true;
}

void ClusterCall::keep_argument() {
  if (!kept_) kept_.keep(started_.method->argument(), argument_);
}

Status ClusterCall::not_called(const Status& why) const {
  const std::size_t attempts = attempts_.sent();
  const std::string what =
      attempts == 0 ? "not called"
                    : fmt::format("failed after {} attempt{}", attempts, attempts == 1 ? "" : "s");
  return why.with_context(failure_text(*started_.method, core_->options().name, what))
      .with_handler_ran(HandlerRan::kNo);
}

Status ClusterCall::cancelled() const {
  return Status(Code::kCancelled,
                failure_text(*started_.method, core_->options().name, "cancelled by the caller"),
                HandlerRan::kNo);
}

}  // namespace tern
