// One call of a cluster, whatever attempts it takes.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "call/started_call.h"
#include "cluster/call_progress.h"
#include "cluster/cluster_attempt.h"
#include "cluster/cluster_core.h"
#include "cluster/cluster_request.h"
#include "cluster/server_choice.h"
#include "net/loop_tasks.h"
#include "tern/codegen/call_state.h"

namespace tern::cluster {

// Has the loop of attempts: decides which server the call is sent to, whether it waits, pauses or
// is retried, and how it ends. CallProgress has its state and says who owns it: a thread that
// chooses a server, the queue, or its attempts. The thread that ends the last attempt, or takes the
// call out of the queue, continues with it. The owner keeps it alive.
//
// This one is sent to one server at a time, and its reply goes where the caller's goes. A
// HedgedCall and a StreamCall say what is different with theirs. start_call() makes the right one.
class ClusterCall : public CallOwner, public Waiter, protected net::LoopTask {
 public:
  // Of the others, each step asks what is different.
  enum class Kind : std::uint8_t { kPlain, kHedged, kStream };

  // `only_there`: a call to one server, or null.
  ClusterCall(const std::shared_ptr<Core>& core, const Method& method, const void* argument,
              const CallOptions& options, const SubchannelPtr& only_there, Kind kind = Kind::kPlain)
      : core_(core),
        choice_(core->picker(), only_there),
        request_(method, core->options().name, argument, options),
        kind_(kind),
        wait_for_ready_(options.wait_for_ready),
        has_token_(kind != Kind::kStream && core->options().client.token_source) {
    started_.method = &method;
    started_.compression =
        options.grpc_compression.value_or(core->options().client.grpc_compression);
  }
  ClusterCall(const ClusterCall&) = delete;
  ClusterCall& operator=(const ClusterCall&) = delete;
  ~ClusterCall() override;

  // Once. `self`: this. What it was made of is there until this returns.
  void start(std::shared_ptr<ClusterCall> self, CallRef&& call, const CallOptions& options);

  void cancel(std::uint64_t call_id) override;
  void callback_threw(std::string_view what) override;
  void resume(const SubchannelPtr& server) noexcept override;
  void give_up(Status why) noexcept override;

  // --- For its attempts ---

  // The argument has been written, and another attempt may need it.
  void on_attempt_queued(ByteView native) {
    if (!choice_.one_server() || has_token_) request_.keep_argument(native);
  }
  // One that was sent has ended. `self`: this.
  void on_attempt_end(std::shared_ptr<ClusterCall>&& self, Attempt& attempt, CallRef&& reply,
                      Status&& outcome) noexcept;

 protected:
  using Time = std::chrono::nanoseconds;
  // This call. A function that takes it may give it to an attempt or to the queue, which may end
  // the call at once: after that no member may be touched.
  using Self = std::shared_ptr<ClusterCall>;

  // --- What is different with the other kinds. A plain call is not asked where each call passes
  // ---

  // Where the reply of the attempt goes that is about to be sent to `server`. Null: where the
  // caller's goes.
  virtual CallRef open_place(const SubchannelPtr& /*server*/) { return {}; }
  // The attempt was not sent, since the call has ended.
  virtual void leave_place() {}
  // It is among the attempts, and is about to be sent. Then the call may be in other hands.
  virtual void before_attempt(const Self& /*self*/, Clock::TimePoint /*now*/) noexcept {}
  // The alarm has rung while attempts run.
  virtual void on_attempt_alarm(const Self& /*self*/) {}
  // The call ends with this attempt: takes what its reply brought.
  virtual void take_reply(const Attempt& /*attempt*/, CallState& /*reply*/, bool /*ok*/) {}
  // Ends the call, unless others run, or another attempt is to follow. `sent`: a server may have
  // seen it. True if this thread owns the call and chooses anew.
  virtual bool end_attempt(const Self& self, Attempt& attempt, CallRef&& reply, Status&& outcome,
                           bool sent, Detours& detours);
  // Cancels those that run. Threads: any.
  virtual void cancel_attempts();
  // What somebody has asked for who does not have the call. On the home loop.
  void run_on_loop() override { end_if_cancelled(); }
  // With what the call ends in the place of `outcome`.
  virtual Status final_outcome(Status&& outcome) { return std::move(outcome); }

  // --- The loop: true if this thread still owns the call, or owns it again ---

  // Sends the call somewhere, or makes it wait, or ends it. `server`: where to, if that is known.
  void go_on(Self self, SubchannelPtr server, Clock::TimePoint now,
             Detours&& detours = Detours()) noexcept;
  // `hedge`: beside attempts that run.
  bool send(Self& self, SubchannelPtr server, bool hedge, Clock::TimePoint now, Detours& detours);

  // Ends a call that waits. Who lets it wait comes here behind that: who has cancelled it may have
  // looked too early.
  void end_if_cancelled() {
    if (cancelled_ && core_->queue().take(*this)) fail(request_.cancelled());
  }
  // Has the home loop run it. `self`: this.
  void post(const Self& self) noexcept {
    core_->home().post(std::shared_ptr<net::LoopTask>(self, this));
  }

  // Whether the call may be sent again after `failure`, which the budget then pays for.
  bool retry_allowed(const Status& failure, const Subchannel& server);
  bool expired(Clock::TimePoint now) const noexcept {
    return started_.has_deadline() && now >= started_.deadline;
  }
  // Before other threads may have a hand in it.
  void share(const Self& self) {
    self_ = self;
    shared_ = true;
  }
  // The same, before it may be in the queue, or have an alarm.
  void prepare_to_wait(const Self& self);
  // After share().
  Self self() const noexcept { return self_.lock(); }

  // --- The end ---

  // True once. A call that is not shared has one owner.
  bool claim_end() noexcept { return progress_.end(shared_); }
  // After claim_end().
  void finish(Status&& outcome);
  // Both, for an end that comes from the cluster and not from an attempt.
  void fail(Status why);
  void fail_not_called(const Status& why) { fail(request_.not_called(why, attempts_.sent())); }
  // The same, for the exception that is being handled.
  void fail_thrown() noexcept;

  const std::shared_ptr<Core> core_;
  ServerChoice choice_;
  Request request_;
  call::StartedCall started_;  // an attempt of a plain call has its `call` while it runs
  const Kind kind_;
  const bool wait_for_ready_;
  CallProgress progress_;
  std::atomic<bool> cancelled_ = false;
  Attempts attempts_;

 private:
  Status prepare(const CallOptions& options, std::optional<Time> timeout, Clock::TimePoint now);
  void begin(Self self, Clock::TimePoint now) noexcept;

  // As end_attempt(), which it is for all that is not a stream.
  bool end_unary_attempt(Attempt& attempt, CallRef&& reply, Status&& outcome, bool sent,
                         Detours& detours);
  // Whether the attempt has failed for its token, or for want of one, and another one may help:
  // once.
  bool wants_token(const Status& failure) const;
  // Lets the call wait for a fresh token of the attempt's server, unless other attempts run.
  void renew_token(const Self& self, const Attempt& attempt, CallRef&& reply,
                   const Status& refused) noexcept;
  void on_token(const SubchannelPtr& server, const Status& refused, const Status& renewed) noexcept;
  void choose(Self& self, SubchannelPtr server, Clock::TimePoint now, Detours& detours);
  bool wait(const Self& self, const SubchannelPtr& server);
  void pause(const Self& self);

  // The call's one alarm is for what its state waits for: the end of a pause or the deadline while
  // it is in the queue, the time for one more attempt while attempts run. They have their own
  // deadlines, with their clients.
  void on_alarm(Alarm& alarm) override;

  const bool has_token_;             // attempts carry one, unless the metadata says otherwise
  bool token_renewed_ = false;       // for this call
  bool counted_ = false;             // as running
  bool shared_ = false;              // see share()
  std::weak_ptr<ClusterCall> self_;  // then; most calls never need it
};

}  // namespace tern::cluster
