// One call of a cluster, whatever attempts it takes.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "call/started_call.h"
#include "cluster/call_progress.h"
#include "cluster/cluster_attempt.h"
#include "cluster/cluster_core.h"
#include "cluster/cluster_request.h"
#include "cluster/server_choice.h"
#include "cluster/stream_run.h"
#include "tern/codegen/call_state.h"

namespace tern::cluster {

// Makes all decisions about the call: which server it is sent to, whether it waits, pauses, is
// retried or hedged, and how it ends. CallProgress has its state and says who owns it: a thread
// that chooses a server, the queue, or its attempts. The thread that ends the last attempt, or
// takes the call out of the queue, continues with it. The owner keeps it alive.
class ClusterCall final : public CallOwner, public Waiter {
 public:
  // As Channel::start(). `only_there`: a call to one server, or null.
  static void start(const std::shared_ptr<Core>& core, const Method& method, const void* argument,
                    const CallOptions& options, CallRef&& call, const SubchannelPtr& only_there);

  ClusterCall(const std::shared_ptr<Core>& core, const Method& method, const void* argument,
              const CallOptions& options, const SubchannelPtr& only_there);
  ClusterCall(const ClusterCall&) = delete;
  ClusterCall& operator=(const ClusterCall&) = delete;
  ~ClusterCall() override;

  void cancel(std::uint64_t call_id) override;
  void callback_threw(std::string_view what) override;
  void resume(const SubchannelPtr& server) override;
  void give_up(Status why) override;

  // --- For its attempts ---

  // The argument has been written, and another attempt may need it.
  void on_attempt_queued(ByteView native) {
    if (!choice_.one_server()) request_.keep_argument(native);
  }
  // One that was sent has ended. `self`: this.
  void on_attempt_end(std::shared_ptr<ClusterCall>&& self, Attempt& attempt, CallRef&& reply,
                      Status&& outcome) noexcept;

  // --- For its stream. Any thread ---

  // The program has taken all that came of an attempt that has ended.
  void on_drained();

 private:
  using Time = std::chrono::nanoseconds;
  // This call. A function that takes it may give it to an attempt or to the queue, which may end
  // the call at once: after that no member may be touched.
  using Self = std::shared_ptr<ClusterCall>;

  // What follows an attempt's end.
  enum class Next : std::uint8_t {
    kNothing,     // the call has ended, or is in other hands
    kChoose,      // another attempt
    kAwaitReader  // the same, when the program has taken what has come
  };

  Status prepare(const CallOptions& options, std::optional<Time> timeout, Clock::TimePoint now);
  void begin(Self self, Clock::TimePoint now) noexcept;

  // --- Choosing: true if this thread still owns the call, or owns it again ---

  // Sends the call somewhere, or makes it wait, or ends it. `server`: where to, if that is known.
  void go_on(Self self, SubchannelPtr server, Clock::TimePoint now,
             Detours&& detours = Detours()) noexcept;
  void choose(Self& self, SubchannelPtr server, Clock::TimePoint now, Detours& detours);
  bool send(Self& self, SubchannelPtr server, bool hedge, Clock::TimePoint now, Detours& detours);
  bool wait(const Self& self, const SubchannelPtr& server);
  void pause(const Self& self);

  // --- Attempts ---

  // Ends the call, unless others run, or another attempt is to follow. `sent`: a server may have
  // seen it. True as for those above.
  bool end_attempt(Attempt& attempt, CallRef&& reply, Status&& outcome, bool sent,
                   Detours& detours);
  bool retry_allowed(const Status& failure, const Subchannel& server);
  void cancel_attempts();
  void set_hedge(const Self& self, Clock::TimePoint now) noexcept;
  void hedge(const Self& self);

  // --- Its stream ---

  Status prepare_stream(const Self& self, const CallOptions& options);
  Next end_stream_attempt(Attempt& attempt, CallState& reply, Status&& outcome, bool sent,
                          Detours& detours);
  void on_stream_attempt_end(Self self, Attempt& attempt, CallRef&& reply,
                             Status&& outcome) noexcept;
  bool may_resume(const StreamRun::End& end, Attempt& attempt);
  void await_reader(const Self& self) noexcept;
  void go_on_when_drained(const Self& self) noexcept;

  // The call's one alarm is for what its state waits for: the end of a pause or the deadline while
  // it is in the queue, the time for one more attempt while attempts run. They have their own
  // deadlines, with their clients.
  void on_alarm(Alarm& alarm) override;
  bool expired(Clock::TimePoint now) const noexcept {
    return started_.has_deadline() && now >= started_.deadline;
  }
  // Before it may be in the queue, or have an alarm.
  void prepare_to_wait(const Self& self);

  // --- The end ---

  // True once. A call that cannot have waited and is not hedged has one owner.
  bool claim_end() noexcept { return progress_.end(may_wait_); }
  // After claim_end().
  void finish(Status&& outcome);
  // Both, for an end that comes from the cluster and not from an attempt.
  void fail(Status why);
  void fail_not_called(const Status& why) { fail(request_.not_called(why, attempts_.sent())); }

  const std::shared_ptr<Core> core_;
  ServerChoice choice_;
  Request request_;
  call::StartedCall started_;  // an attempt has its `call` while it runs, if it is neither hedged
                               // nor a stream
  const bool wait_for_ready_;
  const bool hedged_;
  bool counted_ = false;             // as running
  bool may_wait_ = false;            // see prepare_to_wait()
  std::weak_ptr<ClusterCall> self_;  // then; most calls never need it

  CallProgress progress_;
  std::atomic<bool> cancelled_ = false;
  std::atomic<Clock::TimePoint> hedge_at_ = Clock::TimePoint::max();

  std::unique_ptr<StreamRun> run_;  // of a stream; else null
  Attempts attempts_;
};

}  // namespace tern::cluster
