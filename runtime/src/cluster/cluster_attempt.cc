// The attempts of a cluster's call: sent, ended, made again, hedged.
#include "cluster/cluster_attempt.h"

#include <fmt/format.h>

#include <exception>
#include <string>
#include <utility>

#include "call/failure_text.h"
#include "cluster/cluster_call.h"
#include "cluster/reply_place.h"
#include "net/turn_time.h"

namespace tern {

namespace {

// What is sent again, if nothing else speaks against it: see RetryPolicy.
bool worth_a_retry(const Status& outcome, bool idempotent) noexcept {
  bool untouched = outcome.handler_ran() == HandlerRan::kNo;
  if (outcome.code() == Code::kUnavailable) return untouched || idempotent;
  return outcome.code() == Code::kResourceExhausted && untouched;
}

// An interceptor's exception is a failure like any other.
Status start_attempt(ClientCore& client, StartedCall& call, const void* argument,
                     const Metadata& metadata) {
  std::string what;
  try {
    return client.start_attempt(call, argument, metadata);
  } catch (const std::exception& thrown) {
    what = thrown.what();
  } catch (...) {
    what = "an interceptor threw";
  }
  return Status(Code::kResourceExhausted,
                failure_text(*call.method, "cluster", fmt::format("not called: {}", what)),
                HandlerRan::kNo);
}

// A server that has left gets no new calls: so its connection is closed when none runs, and none is
// on its way to it.
Status not_listed(const Method& method, const Subchannel& node) {
  return Status(Code::kUnavailable,
                failure_text(method, node.address, "not called: it is not listed any more"),
                HandlerRan::kNo);
}

}  // namespace

// --- The end of one ---

[[gnu::always_inline]] inline ClusterCall::Sent ClusterCall::end_attempt(ClusterAttempt& attempt,
                                                                         CallRef&& reply,
                                                                         Status&& outcome,
                                                                         bool sent, Status& full) {
  if (outcome.ok() || outcome.handler_ran() == HandlerRan::kYes ||
      outcome.code() == Code::kDeadlineExceeded) {
    const Clock::TimePoint now = TurnTime::get(core_->home().clock());
    attempt.node->load->observe(now - attempt.started, now);
  }
  core_->servers().attempt_ended(attempt.node, outcome);
  if (!hedged_) started_.call = std::move(reply);
  if (!outcome.ok()) {
    // Others may yet succeed.
    if (progress_.fail(outcome.handler_ran(), hedged_) != CallProgress::Left::kCall) {
      return Sent::kGone;
    }
    if (!sent && outcome.code() == Code::kUnavailable) return Sent::kNotConnected;
    if (!sent && outcome.code() == Code::kResourceExhausted) {
      full = std::move(outcome);
      return Sent::kFull;
    }
    if (retry_allowed(outcome, *attempt.node)) return Sent::kRetry;
  }
  if (!claim_end()) return Sent::kGone;
  if (hedged_) {
    attempts_.cancel(&attempt);
    static_cast<ReplyPlace&>(*reply).hand_over(*started_.call, outcome.ok());
  }
  finish(std::move(outcome));
  return Sent::kGone;
}

void ClusterAttempt::on_queued(std::uint64_t id, ByteView native) {
  call->keep_argument(native);
  // See cancel(): nobody comes there while the call is being started.
  id_.store(id, starting ? std::memory_order_release : std::memory_order_seq_cst);
}

void ClusterAttempt::on_end(CallRef place, Status outcome) noexcept {
  id_.store(0, std::memory_order_relaxed);
  // The call may end here, and with it this attempt.
  std::shared_ptr<ClusterCall> alive = std::move(call);
  ClusterCall& its_call = *alive;
  Status full;
  if (its_call.end_attempt(*this, std::move(place), std::move(outcome), true, full) ==
      ClusterCall::Sent::kRetry) {
    its_call.go_on(std::move(alive), nullptr, its_call.core_->home().now());
  }
}

void ClusterAttempt::cancel() const noexcept {
  const std::uint64_t id = id_.load();
  if (id == 0) return;
  try {
    node->client->cancel(id);
  } catch (...) {
    // Out of memory for the message to the loop: the attempt goes on as if nobody had asked.
  }
}

// --- All of a call ---

std::size_t ClusterAttempts::sent() const noexcept {
  std::size_t count = 0;
  for (ClusterAttempt* one = last_.load(std::memory_order_acquire); one; one = one->previous_) {
    if (!one->untouched.load(std::memory_order_relaxed)) ++count;
  }
  return count;
}

void ClusterAttempts::add_servers(std::uint32_t round, std::vector<std::uint64_t>& ids) const {
  for (ClusterAttempt* one = last_.load(std::memory_order_acquire); one; one = one->previous_) {
    if (one->round == round) ids.push_back(one->node->load->id());
  }
}

// --- The call, as far as they go ---

ClusterCall::Sent ClusterCall::send(std::shared_ptr<ClusterCall>& self, SubchannelPtr node,
                                    bool hedge, Clock::TimePoint now, Status& full) {
  // Nobody can cancel a call that is being started: later, somebody may have.
  const bool starting = !kept_;
  const bool retry = !hedge && attempts_.sent() > 0;
  const void* argument = starting ? argument_ : kept_.value();
  // Its reply goes where the caller's goes, if no other one can come meanwhile.
  StartedCall started;
  if (hedged_) started.call = CallRef(new ReplyPlace(started_.method->result()));
  ClusterAttempt& attempt = *attempts_.make();
  if (hedged_ && !progress_.begin(hedge)) {
    attempts_.drop(attempt);
    return Sent::kGone;
  }
  attempt.node = std::move(node);
  attempt.started = now;
  attempt.round = pauses_;
  attempt.starting = starting;
  attempts_.add(attempt);

  started.attempt = &attempt;
  started.method = started_.method;
  if (started_.has_deadline()) {
    started.deadline = started_.deadline;
    started.timeout = started_.deadline - now;
  }
  if (hedged_) {
    set_hedge(self, now);
  } else {
    started.call = std::move(started_.call);
    started.call->reply_metadata().clear();
  }
  core_->counters().attempt_started(*attempt.node, retry, hedge);
  ClientCore& client = *attempt.node->client;
  std::shared_ptr<ClusterCall> alive = starting ? nullptr : self;
  attempt.call = std::move(self);
  // Counted before it looks: see ServerSet::release().
  Status failure = attempt.node->listed ? start_attempt(client, started, argument, metadata_)
                                        : not_listed(*started.method, *attempt.node);
  if (failure.ok()) {
    // Whoever ended the call before this attempt was sent has not cancelled it.
    if (alive && (cancelled_ || progress_.ended())) attempt.cancel();
    return Sent::kGone;
  }
  self = std::move(attempt.call);
  const bool sent = failure.handler_ran() != HandlerRan::kNo;
  if (!sent) {
    attempt.untouched.store(true, std::memory_order_relaxed);
    core_->counters().attempt_not_sent(*attempt.node, retry, hedge);
  }
  return end_attempt(attempt, std::move(started.call), std::move(failure), sent, full);
}

bool ClusterCall::retry_allowed(const Status& outcome, const Subchannel& node) {
  if (only_there_ || cancelled_) return false;
  const Clock::TimePoint now = core_->home().now();
  if (expired(now)) return false;
  if (!worth_a_retry(outcome, started_.method->idempotent)) return false;
  // What a server hands back that goes away, or is gone, is no more load than it was.
  if (outcome.handler_ran() == HandlerRan::kNo && !node.client->connected()) return true;
  if (attempts_.sent() >= core_->options().retry.max_attempts) return false;
  return core_->counters().spend(now);
}

// The answer is late: asks one more server.
void ClusterCall::hedge(const std::shared_ptr<ClusterCall>& self) {
  const HedgePolicy& policy = core_->options().hedge;
  if (!progress_.runs() || attempts_.sent() >= policy.max_attempts) return;
  const Clock::TimePoint now = core_->home().now();
  if (now < hedge_at_.load() || cancelled_ || expired(now)) return;
  Pick picked = pick({}, now);
  if (!picked.server || picked.again) return;
  if (picked.server->connectivity != Connectivity::kReady) return;
  if (!core_->counters().spend(now)) return;
  Status full;
  std::shared_ptr<ClusterCall> sent = self;
  if (send(sent, std::move(picked.server), true, now, full) != Sent::kGone) {
    go_on(self, nullptr, core_->home().now());
  }
}

}  // namespace tern
