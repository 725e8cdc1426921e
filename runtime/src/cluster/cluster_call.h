// One call of a cluster, whatever attempts it takes.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/backoff.h"
#include "call/started_call.h"
#include "cluster/call_progress.h"
#include "cluster/cluster_attempt.h"
#include "cluster/cluster_core.h"
#include "cluster/kept_argument.h"
#include "tern/codegen/call_state.h"

namespace tern {

// Alive as long as an attempt runs, or it is among the waiting ones. Without hedges one thing
// happens after the other: whoever ends an attempt, or takes the call out of the waiting ones, goes
// on with it.
class ClusterCall final : public CallOwner, public Waiter {
 public:
  // As Channel::start(). `only_there`: a call to one server, or null.
  static void start(const std::shared_ptr<ClusterCore>& core, const Method& method,
                    const void* argument, const CallOptions& options, CallRef&& call,
                    const SubchannelPtr& only_there);

  ClusterCall(const std::shared_ptr<ClusterCore>& core, const Method& method, const void* argument,
              const CallOptions& options, const SubchannelPtr& only_there);
  ClusterCall(const ClusterCall&) = delete;
  ClusterCall& operator=(const ClusterCall&) = delete;
  ~ClusterCall() override;

  void cancel(std::uint64_t call_id) override;
  void callback_threw(std::string_view what) override;
  void resume(const SubchannelPtr& node) override;
  void give_up(Status why) override;

 private:
  friend class ClusterAttempt;
  using Time = std::chrono::nanoseconds;
  enum class Sent : std::uint8_t {
    kGone,          // nothing left to do here
    kNotConnected,  // nothing was sent, since the connection has just been lost
    kFull,          // nothing was sent, since the connection has no room
    kRetry          // the attempt has failed, and there is to be another one
  };

  // `self` is this call, wherever it is taken: an attempt or the waiting ones get it, who may end
  // the call at once. After that nothing here is to be touched.
  Status prepare(const CallOptions& options, std::optional<Time> timeout, Clock::TimePoint now);
  void begin(std::shared_ptr<ClusterCall> self, Clock::TimePoint now) noexcept;
  // Sends the call somewhere, or makes it wait, or ends it. `node`: where to, if that is known.
  // `avoid`: servers to which nothing could be sent just now; `full`: why, if they have no room.
  void go_on(std::shared_ptr<ClusterCall> self, SubchannelPtr node, Clock::TimePoint now,
             std::vector<std::uint64_t> avoid = {}, Status full = {}) noexcept;
  void go_where_it_can(std::shared_ptr<ClusterCall>& self, SubchannelPtr node, Clock::TimePoint now,
                       std::vector<std::uint64_t>& avoid, Status& full);
  // Waits for a server; true if there is no need to.
  bool wait_for(const std::shared_ptr<ClusterCall>& self, const SubchannelPtr& node);
  // `full`: set to why, for kFull. `self` is taken for kGone alone.
  Sent send(std::shared_ptr<ClusterCall>& self, SubchannelPtr node, bool hedge,
            Clock::TimePoint now, Status& full);
  // What is to come after it. `sent`: a server may have seen it.
  Sent end_attempt(ClusterAttempt& attempt, CallRef&& reply, Status&& outcome, bool sent,
                   Status& full);
  bool retry_allowed(const Status& outcome, const Subchannel& node);
  void pause(const std::shared_ptr<ClusterCall>& self);
  void hedge(const std::shared_ptr<ClusterCall>& self);
  // The call's one alarm is for what its state waits for: the end of a pause or the deadline while
  // it is among the waiting ones, the time for one more attempt while attempts run. They have their
  // own deadlines, with their clients.
  void on_alarm(Alarm& alarm) override;
  void set_hedge(const std::shared_ptr<ClusterCall>& self, Clock::TimePoint now) noexcept;

  bool expired(Clock::TimePoint now) const noexcept {
    return started_.has_deadline() && now >= started_.deadline;
  }
  // Before it may be among the waiting ones, or have an alarm.
  void prepare_to_wait(const std::shared_ptr<ClusterCall>& self);
  // For when the caller's is gone.
  void keep_argument();
  // See CallAttempt::on_queued().
  void keep_argument(ByteView native) {
    if (kept_ || only_there_) return;
    if (native.data()) {
      kept_.keep(started_.method->argument(), native);
    } else {
      keep_argument();
    }
  }
  PickRequest pick_request(Clock::TimePoint now) const noexcept {
    PickRequest request;
    request.method = started_.method;
    request.key = key_;
    request.now = now;
    return request;
  }
  Pick pick(const std::vector<std::uint64_t>& avoid, Clock::TimePoint now);
  // The ends that come from the cluster and not from an attempt. They speak for themselves: what
  // the attempts have said of their handlers, finish() adds.
  Status not_called(const Status& why) const;
  Status cancelled() const;
  // True once. A call that cannot have waited and is not hedged is in one hand.
  bool claim_end() noexcept { return progress_.end(may_wait_); }
  // After claim_end(). Says that the handler has not run only if each attempt has said so: one that
  // still runs says nothing.
  void finish(Status&& outcome) {
    if (counted_) core_->counters().call_ended();
    if (may_wait_) alarm.clear();
    if (!outcome.ok() && outcome.handler_ran() < progress_.ran()) {
      outcome = outcome.with_handler_ran(progress_.ran());
    }
    started_.finish(std::move(outcome));
  }
  void fail(Status why);
  void expire();

  const std::shared_ptr<ClusterCore> core_;
  const SubchannelPtr only_there_;
  StartedCall started_;  // without hedges an attempt has its `call` while it runs
  Metadata metadata_;
  std::optional<std::uint64_t> key_;
  const void* const argument_;  // the caller's, while start() runs
  KeptArgument kept_;
  const bool wait_for_ready_;
  const bool hedged_;
  bool counted_ = false;             // by the cluster, as running
  bool may_wait_ = false;            // see prepare_to_wait()
  std::weak_ptr<ClusterCall> self_;  // then; most calls never need it

  CallProgress progress_;
  std::atomic<bool> cancelled_ = false;
  std::atomic<Clock::TimePoint> hedge_at_ = Clock::TimePoint::max();

  ClusterAttempts attempts_;
  std::atomic<std::uint32_t> pauses_ = 0;
};

}  // namespace tern
