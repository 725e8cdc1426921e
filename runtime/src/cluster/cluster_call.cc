#include "cluster/cluster_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "call/call_timeout.h"
#include "call/failure_text.h"

namespace tern {

void ClusterCall::start(std::shared_ptr<ClusterCore> core, const Method& method,
                        const void* argument, const CallOptions& options, CallRef call,
                        NodePtr only_there) {
  std::shared_ptr<ClusterCall> self;
  try {
    self = std::make_shared<ClusterCall>(std::move(core), options, std::move(only_there));
    self->started_.call = call;
    self->argument_ = argument;
    call->set_owner(self, 0);
    const Clock::TimePoint now = self->core_->home().now();
    Status failure = self->prepare(method, options, now);
    if (!failure.ok()) {
      self->fail(std::move(failure));
      return;
    }
    // Another attempt may come when the caller's argument is gone.
    if (self->core_->options().retry.max_attempts > 1 || self->hedged()) self->keep_argument();
    self->go_on(self->only_there_, now);
    if (self->hedged() && !self->done_) {
      self->set_timer(saturating_add(now, self->core_->options().hedge.after));
    }
  } catch (const std::exception& thrown) {
    Status why(Code::kResourceExhausted,
               failure_text(method, "cluster", fmt::format("not called: {}", thrown.what())),
               HandlerRan::kNo);
    if (self) {
      self->fail(std::move(why));
    } else {
      call->complete(std::move(why));
    }
  }
}

ClusterCall::ClusterCall(std::shared_ptr<ClusterCore> core, const CallOptions& options,
                         NodePtr only_there)
    : core_(std::move(core)), only_there_(std::move(only_there)), options_(options) {
  if (!options_.hash_key.empty()) key_ = hash_of_key(options_.hash_key);
}

ClusterCall::~ClusterCall() {
  if (copy_) started_.method->argument().destroy(copy_);
}

Status ClusterCall::prepare(const Method& method, const CallOptions& options,
                            Clock::TimePoint now) {
  const ClusterOptions& rules = core_->options();
  started_.method = &method;
  std::optional<Time> timeout = timeout_of(options, method, rules.client);
  if (timeout) {
    started_.timeout = *timeout;
    started_.deadline = saturating_add(now, *timeout);
  }
  Status failure = core_->call_started();
  counted_ = true;
  if (!failure.ok()) return not_called(failure);
  core_->budget().call_started(now);
  if (!rules.interceptors.empty()) {
    started_.interception =
        std::make_unique<Interception>(rules.interceptors, method, rules.name, options.metadata,
                                       core_->home().clock(), started_.deadline);
    failure = started_.interception->start(started_.call->reply_metadata());
    if (!failure.ok()) return failure;
    options_.metadata = started_.interception->metadata();
  }
  if (timeout && *timeout <= Time::zero()) {
    return Status(Code::kDeadlineExceeded,
                  failure_text(method, rules.name,
                               fmt::format("the time was up before the call: {} were left",
                                           text_of(*timeout))),
                  HandlerRan::kNo);
  }
  return {};
}

// --- Where to ---

void ClusterCall::go_on(NodePtr node, Clock::TimePoint now) {
  std::vector<std::uint64_t> avoid;  // servers to which nothing could be sent just now
  Status full;
  while (!done_) {
    if (expired(now)) return expire();
    if (cancelled_) return fail(cancelled());
    if (!node) {
      ClusterChoice choice = choose(avoid, now);
      if (!choice.failure.ok()) return fail(not_called(choice.failure));
      // It has been everywhere.
      if (choice.again) return full.ok() ? pause() : fail(full);
      node = std::move(choice.node);
    }
    if (!node || node->reach != Reach::kReady) {
      if (!wait_for(node)) return;
    } else {
      Sent sent = send(node, false, now, full);
      if (sent == Sent::kGone) return;
      if (sent != Sent::kRetry) avoid.push_back(node->load->id());
    }
    node.reset();
    now = core_->home().now();
  }
}

ClusterChoice ClusterCall::choose(std::vector<std::uint64_t> avoid, Clock::TimePoint now) {
  if (only_there_) {
    ClusterChoice choice;
    choice.node = only_there_;
    choice.again = !avoid.empty();
    return choice;
  }
  attempts_.add_servers(pauses_, avoid);
  PickRequest request;
  request.method = started_.method;
  request.key = key_;
  request.now = now;
  request.again = !avoid.empty();
  return core_->choose(request, avoid);
}

// True if there is no need to wait: choose again.
bool ClusterCall::wait_for(const NodePtr& node) {
  keep_argument();
  ClusterWait wait =
      core_->wait(shared_from_this(), node, only_there_ != nullptr, options_.wait_for_ready);
  if (wait.kind == ClusterWait::Kind::kNow) return true;
  if (wait.kind == ClusterWait::Kind::kFailed) {
    fail(not_called(wait.failure));
    return false;
  }
  if (started_.has_deadline()) set_timer(started_.deadline);
  // Whoever cancels looks for the call among the waiting ones, and may have looked too early.
  if (cancelled_ && core_->take(*this)) fail(cancelled());
  return false;
}

void ClusterCall::resume(const NodePtr& node) {
  std::shared_ptr<ClusterCall> alive = shared_from_this();
  go_on(node);
}

void ClusterCall::give_up(Status why) {
  fail(not_called(why));
}

// Waits a little before it goes where it has been before.
void ClusterCall::pause() {
  keep_argument();
  const std::uint32_t pauses = ++pauses_;
  BackoffSchedule schedule(core_->options().retry.backoff, [this] { return core_->random(); });
  Time wait{};
  for (std::uint32_t i = 0; i < pauses; ++i) wait = schedule.next();
  if (!core_->wait_by_itself(shared_from_this())) {
    fail(not_called(Status(Code::kCancelled, "the cluster is closed", HandlerRan::kNo)));
    return;
  }
  set_timer(std::min(saturating_add(core_->home().now(), wait), started_.deadline));
  if (cancelled_ && core_->take(*this)) fail(cancelled());
}

// --- Time ---

void ClusterCall::set_timer(Clock::TimePoint due) {
  timed_ = true;
  core_->home().post([self = shared_from_this(), due] {
    if (self->done_) return;
    if (!self->timer_set_) {
      self->timer_set_ = true;
      self->timer_.set_callback([raw = self.get()] { raw->on_timer(); });
    }
    self->core_->home().start_timer(self->timer_, due);
  });
}

void ClusterCall::on_timer() {
  std::shared_ptr<ClusterCall> alive = shared_from_this();
  if (core_->take(*this)) {
    go_on(nullptr);
  } else if (hedged() && !done_) {
    hedge();
  }
}

void ClusterCall::cancel(std::uint64_t) {
  cancelled_ = true;
  attempts_.cancel();
  core_->home().post([self = shared_from_this()] {
    if (self->core_->take(*self)) self->fail(self->cancelled());
  });
}

// --- The end ---

void ClusterCall::fail(Status why) {
  if (claim_end()) finish(std::move(why), nullptr);
}

void ClusterCall::expire() {
  const std::uint32_t attempts = sent_;
  const bool sent = attempts > 0;
  std::string what = fmt::format("no {} within {}", sent ? "success" : "server to call",
                                 text_of(started_.timeout));
  if (sent) what += fmt::format("; {} attempts have failed", attempts);
  fail(Status(Code::kDeadlineExceeded, failure_text(*started_.method, core_->options().name, what),
              sent ? HandlerRan::kUnknown : HandlerRan::kNo));
}

void ClusterCall::finish(Status outcome, ClusterAttempt* winner) {
  std::shared_ptr<ClusterCall> alive = shared_from_this();
  attempts_.cancel(winner);
  if (winner) {
    if (outcome.ok()) winner->hand_over(started_.call->reply_slot());
    started_.call->reply_metadata() = std::move(winner->reply_metadata());
  }
  if (counted_) core_->call_ended();
  if (timed_) {
    core_->home().post([alive] { alive->timer_.cancel(); });
  }
  started_.finish(std::move(outcome));
}

void ClusterCall::keep_argument() {
  if (!copy_) copy_ = started_.method->argument().clone(argument_);
}

bool ClusterCall::hedged() const noexcept {
  return core_->options().hedge.after > Time::zero() && started_.method->idempotent && !only_there_;
}

Status ClusterCall::not_called(const Status& why) const {
  return why.with_context(failure_text(*started_.method, core_->options().name, "not called"))
      .with_handler_ran(HandlerRan::kNo);
}

Status ClusterCall::cancelled() const {
  return Status(Code::kCancelled,
                failure_text(*started_.method, core_->options().name, "cancelled by the caller"),
                HandlerRan::kNo);
}

}  // namespace tern
