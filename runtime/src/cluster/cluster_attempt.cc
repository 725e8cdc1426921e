// The attempts of a cluster's call: sent, ended, made again, hedged.
#include "cluster/cluster_attempt.h"

#include <utility>

#include "cluster/cluster_call.h"

namespace tern {

namespace {

// What is sent again, if nothing else speaks against it: see RetryPolicy.
bool worth_a_retry(const Status& outcome, bool idempotent) noexcept {
  bool untouched = outcome.handler_ran() == HandlerRan::kNo;
  if (outcome.code() == Code::kUnavailable) return untouched || idempotent;
  return outcome.code() == Code::kResourceExhausted && untouched;
}

}  // namespace

ClusterCall::Sent ClusterCall::send(const NodePtr& node, bool hedge, Clock::TimePoint now,
                                    Status& full) {
  const Method& method = *started_.method;
  auto* attempt = hedged() ? new ClusterAttempt(method.result())
                           : new ClusterAttempt(started_.call->reply_slot());
  CallRef alive(attempt);
  attempt->node = node;
  attempt->started = now;
  attempt->round = pauses_;
  CallOptions options = options_;
  options.wait_for_ready = false;
  if (started_.has_deadline()) options.timeout = started_.deadline - now;
  const bool retry = ++sent_ > 1 && !hedge;
  ++running_;
  node->load->call_started();
  attempt->on_done([self = shared_from_this(), attempt] {
    if (attempt->first()) return;  // send() goes on
    if (self->end_attempt(*attempt, true) == Sent::kRetry) self->go_on(nullptr);
  });
  node->client->start_connected(method, argument(), options, alive);
  attempts_.add(*attempt, alive);
  const bool ended = !attempt->first();
  const Status& outcome = attempt->status();  // if it has ended
  const bool sent = !ended || outcome.ok() || outcome.handler_ran() != HandlerRan::kNo;
  if (sent) {
    core_->count_attempt(retry, hedge);
    node->calls.fetch_add(1, std::memory_order_relaxed);
  }
  if (ended) {
    Sent next = end_attempt(*attempt, sent);
    if (next == Sent::kFull) full = outcome;
    return next;
  }
  // Whoever ended the call before this attempt was among the others has not cancelled it.
  if (cancelled_ || done_) attempt->cancel();
  return Sent::kGone;
}

ClusterCall::Sent ClusterCall::end_attempt(ClusterAttempt& attempt, bool sent) {
  const Status& outcome = attempt.status();
  if (outcome.ok() || outcome.handler_ran() == HandlerRan::kYes ||
      outcome.code() == Code::kDeadlineExceeded) {
    const Clock::TimePoint now = core_->home().now();
    attempt.node->load->observe(now - attempt.started, now);
  }
  core_->attempt_ended(attempt.node, outcome);
  if (!sent) --sent_;
  const bool others = --running_ > 0;
  if (done_) return Sent::kGone;
  if (!outcome.ok()) {
    if (others) return Sent::kGone;  // one of them may yet succeed
    if (!sent && outcome.code() == Code::kUnavailable) return Sent::kNotConnected;
    if (!sent && outcome.code() == Code::kResourceExhausted) return Sent::kFull;
    if (retry_allowed(outcome, *attempt.node)) return Sent::kRetry;
  }
  if (claim_end()) finish(outcome, &attempt);
  return Sent::kGone;
}

bool ClusterCall::retry_allowed(const Status& outcome, const ClusterNode& node) {
  if (only_there_ || cancelled_) return false;
  const Clock::TimePoint now = core_->home().now();
  if (expired(now)) return false;
  if (!worth_a_retry(outcome, started_.method->idempotent)) return false;
  // What a server hands back that goes away, or is gone, is no more load than it was.
  if (outcome.handler_ran() == HandlerRan::kNo && !node.client->connected()) return true;
  if (sent_ >= core_->options().retry.max_attempts) return false;
  if (core_->budget().spend(now)) return true;
  core_->count_over_budget();
  return false;
}

// The answer is late: asks one more server.
void ClusterCall::hedge() {
  const HedgePolicy& policy = core_->options().hedge;
  if (running_ == 0 || sent_ >= policy.max_attempts) return;
  const Clock::TimePoint now = core_->home().now();
  if (cancelled_ || expired(now)) return;
  ClusterChoice choice = choose({}, now);
  if (!choice.node || choice.again || choice.node->reach != Reach::kReady) return;
  if (!core_->budget().spend(now)) {
    core_->count_over_budget();
    return;
  }
  Status full;
  if (send(choice.node, true, now, full) != Sent::kGone) {
    go_on(nullptr);
  } else if (!done_) {
    set_timer(saturating_add(now, policy.after));
  }
}

}  // namespace tern
