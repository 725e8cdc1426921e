#include "cluster/stream_call.h"

#include <exception>
#include <utility>

namespace tern::cluster {

StreamCall::StreamCall(const std::shared_ptr<Core>& core, const Method& method,
                       const void* argument, const CallOptions& options,
                       const SubchannelPtr& only_there, std::shared_ptr<ClusterStream> stream)
    : ClusterCall(core, method, argument, options, only_there, Kind::kStream),
      run_(std::move(stream), method, options, core->options(), choice_.one_server()) {}

StreamCall::~StreamCall() = default;

// The program's threads, servers that leave and deadlines have a hand in it.
void StreamCall::prepare(const std::shared_ptr<StreamCall>& self) {
  run_.stream().begin(self, run_.resumes());
  share(self);
}

CallRef StreamCall::open_place(const SubchannelPtr& server) {
  return run_.open(started_.call, request_, server, started_.interception);
}

void StreamCall::leave_place() {
  run_.stream().cancel_attempt(request_.cancelled());
}

// An attempt's stream may have been opened: its handler is not denied.
void StreamCall::cancel_attempts() {
  run_.stream().cancel_attempt(request_.cancelled().with_handler_ran(HandlerRan::kUnknown));
}

Status StreamCall::final_outcome(Status&& outcome) {
  Status why = run_.stream().given_up();
  return why.ok() ? std::move(outcome) : std::move(why);
}

bool StreamCall::end_attempt(const Self& self, Attempt& attempt, CallRef&& reply, Status&& outcome,
                             bool sent, Detours& detours) {
  StreamRun::End end = run_.end(*reply, *started_.call, *attempt.server, std::move(outcome));
  core_->servers().attempt_ended(attempt.server, end.of_server());
  switch (after(attempt, std::move(end), sent, detours)) {
    case Next::kNothing:
      return false;
    case Next::kChoose:
      return true;
    case Next::kAwaitReader:
      await_reader(self);
      return false;
  }
  return false;
}

StreamCall::Next StreamCall::after(Attempt& attempt, StreamRun::End&& end, bool sent,
                                   Detours& detours) {
  if (!end.outcome.ok()) {
    if (progress_.fail(end.outcome.handler_ran(), false) != CallProgress::Left::kCall) {
      return Next::kNothing;
    }
    if (!end.refused) {
      if (!sent && detours.add(attempt, end.outcome)) return Next::kChoose;
      if (may_resume(end, attempt)) {
        return run_.stream().drained() ? Next::kChoose : Next::kAwaitReader;
      }
      if (!run_.stream().moved() && retry_allowed(end.outcome, *attempt.server)) {
        return Next::kChoose;
      }
      end.outcome = run_.final_outcome(std::move(end.outcome));
    }
  }
  if (claim_end()) finish(std::move(end.outcome));
  return Next::kNothing;
}

// A lost stream costs the budget nothing: what its server had to do, another one does. But one that
// is lost as soon as it is opened is opened no more often than a call is retried.
bool StreamCall::may_resume(const StreamRun::End& end, Attempt& attempt) {
  if (!run_.resumes() || end.outcome.code() != Code::kUnavailable) return false;
  if (cancelled_ || !run_.stream().given_up().ok()) return false;
  const Clock::TimePoint now = core_->home().now();
  if (expired(now)) return false;
  if (!run_.has_lived(end.drained, now - attempt.started_at)) {
    return wait_for_ready_ || attempts_.sent() < core_->options().retry.max_attempts;
  }
  attempts_.forget_others(attempt);
  choice_.begin_anew();
  attempt.round = 0;
  return true;
}

void StreamCall::await_reader(const Self& self) noexcept {
  try {
    run_.await_reader();
    progress_.pause();
    Wait wait = core_->queue().add_for_time(self, started_.deadline);
    if (wait.kind == Wait::Kind::kFailed) return fail_not_called(wait.failure);
    end_if_cancelled();
    // It may have taken the last message before the call began to wait.
    if (run_.stream().drained()) go_on_when_drained(self);
  } catch (const std::exception&) {
    fail_thrown();
  }
}

void StreamCall::on_drained() noexcept {
  if (const Self mine = self()) post(mine);
}

void StreamCall::run_on_loop() {
  const Self alive = self();
  end_if_cancelled();
  if (run_.stream().drained()) go_on_when_drained(alive);
}

void StreamCall::go_on_when_drained(const Self& self) noexcept {
  if (!run_.awaits_reader() || !core_->queue().take(*this)) return;
  run_.stop_awaiting();
  progress_.choose();
  go_on(self, nullptr, core_->home().now());
}

}  // namespace tern::cluster
