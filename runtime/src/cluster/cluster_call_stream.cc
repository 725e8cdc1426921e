// What a cluster's call does for its stream.
#include <fmt/format.h>

#include <string>
#include <utility>

#include "call/failure_text.h"
#include "cluster/cluster_call.h"
#include "cluster/stream_run.h"
#include "cluster/stream_watch.h"

namespace tern::cluster {

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
  auto run = std::make_unique<StreamRun>();
  run->stream = stream->shared_from_this();
  run->resumes = method.resume && options.resume && !only_there_;
  run->moves = run->resumes && options.stream_on_drain.value_or(core_->options().stream_on_drain) ==
                                   StreamOnDrain::kMove;
  run->message_timeout = options.message_timeout.value_or(method.message_timeout);
  stream->begin(self, run->resumes);
  run_ = std::move(run);
  // The program's threads, servers that leave and deadlines have a hand in it.
  self_ = self;
  may_wait_ = true;
  return {};
}

// --- An attempt ---

CallRef ClusterCall::open_stream(Subchannel& server) {
  const Method& method = request_.method();
  auto stream = std::static_pointer_cast<stream::Stream>(server.client->make_stream(method));
  stream->set_message_timeout(run_->message_timeout);
  CallRef place(new StreamPlace(started_.call, stream));
  const std::optional<std::int64_t> position = run_->stream->position();
  run_->resumed = position.has_value();
  if (position) request_.set_position(*position);
  if (run_->watched) {
    stream->add_watch(std::make_shared<StreamWatch>(started_.interception, method, position,
                                                    core_->options().client.limits.decode()));
  }
  run_->connection = server.connections();
  if (run_->moves) server.movable.add(stream, run_->connection);
  run_->stream->go_to(std::move(stream));
  return place;
}

ClusterCall::Next ClusterCall::end_stream_attempt(Attempt& attempt, CallState& reply,
                                                  Status&& outcome, bool sent, Detours& detours) {
  auto& place = static_cast<StreamPlace&>(reply);
  Subchannel& server = *attempt.server;
  if (run_->moves) server.movable.remove(place.its_stream().get());
  // One that has not come to a connection.
  place.its_stream()->end_with_call(outcome, place.reply_metadata());
  // One that was given up while its outcome was on the way: what had come with that is dropped.
  const Status seen = place.its_stream()->read_status();
  if (place.its_stream()->unread_dropped() && seen.code() != outcome.code()) outcome = seen;
  place.hand_over(*started_.call);
  const bool drained =
      outcome.code() == Code::kUnavailable && server.has_gone_away(run_->connection);
  if (drained && outcome.handler_ran() != HandlerRan::kNo) {
    outcome =
        outcome.with_context(call::failure_text(request_.method(), server.address, "drained"));
  }
  // The cluster's own interceptors have ended the whole.
  const bool refused = run_->watched && started_.interception->refused();
  // A server that goes away has not failed, nor has one whose message is refused.
  core_->servers().attempt_ended(
      attempt.server, drained || refused ? outcome.with_handler_ran(HandlerRan::kNo) : outcome);
  if (!outcome.ok()) {
    if (progress_.fail(outcome.handler_ran(), false) != CallProgress::Left::kCall) {
      return Next::kNothing;
    }
    if (refused) {
      if (claim_end()) finish(std::move(outcome));
      return Next::kNothing;
    }
    if (!sent && go_elsewhere(attempt, outcome, detours)) return Next::kChoose;
    if (may_resume(outcome, attempt, drained)) {
      return run_->stream->drained() ? Next::kChoose : Next::kAwaitReader;
    }
    if (!run_->stream->moved() && retry_allowed(outcome, server)) return Next::kChoose;
    if (run_->resumed && outcome.code() == Code::kOutOfRange && !run_->stream->moved()) {
      outcome = changes_lost(outcome);
    }
  }
  if (claim_end()) finish(std::move(outcome));
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

// --- The next one ---

// A lost stream costs the budget nothing: what its server had to do, another one does. But one that
// is lost as soon as it is opened is opened no more often than a call is retried.
bool ClusterCall::may_resume(const Status& failure, Attempt& attempt, bool drained) {
  if (!run_->resumes || failure.code() != Code::kUnavailable) return false;
  if (cancelled_ || !run_->stream->given_up().ok()) return false;
  const Clock::TimePoint now = core_->home().now();
  if (expired(now)) return false;
  const RetryPolicy& policy = core_->options().retry;
  const bool lived =
      run_->stream->moved() || drained || now - attempt.started_at >= policy.backoff.max;
  if (!lived) return wait_for_ready_ || attempts_.sent() < policy.max_attempts;
  attempts_.forget_others(attempt);
  pauses_ = 0;
  attempt.round = 0;
  return true;
}

void ClusterCall::await_reader(const Self& self) noexcept {
  try {
    run_->awaits_reader = true;
    progress_.pause();
    Wait wait = core_->queue().add_for_time(self, started_.deadline);
    if (wait.kind == Wait::Kind::kFailed) return fail_not_called(wait.failure);
    if (cancelled_ && core_->queue().take(*this)) return fail(request_.cancelled());
    // It may have taken the last message before the call began to wait.
    if (run_->stream->drained()) go_on_when_drained(self);
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
  if (!run_->awaits_reader || !core_->queue().take(*this)) return;
  run_->awaits_reader = false;
  progress_.choose();
  go_on(self, nullptr, core_->home().now());
}

Status ClusterCall::changes_lost(const Status& why) const {
  return Status(
      Code::kDataLoss,
      call::failure_text(request_.method(), core_->options().name,
                         fmt::format("what comes behind position {} is lost: {}",
                                     run_->stream->position().value_or(0), why.message())),
      HandlerRan::kYes);
}

}  // namespace tern::cluster
