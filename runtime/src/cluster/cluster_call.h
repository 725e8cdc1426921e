// One call of a cluster, whatever attempts it takes.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/backoff.h"
#include "base/timer_queue.h"
#include "call/started_call.h"
#include "cluster/cluster_attempt.h"
#include "cluster/cluster_core.h"
#include "tern/call_state.h"

namespace tern {

// Alive as long as an attempt runs, or it is among the waiting ones.
class ClusterCall final : public CallOwner,
                          public ClusterWaiter,
                          public std::enable_shared_from_this<ClusterCall> {
 public:
  // As Channel::start(). `only_there`: a call to one server, or null.
  static void start(std::shared_ptr<ClusterCore> core, const Method& method, const void* argument,
                    const CallOptions& options, CallRef call, NodePtr only_there);

  ClusterCall(std::shared_ptr<ClusterCore> core, const CallOptions& options, NodePtr only_there);
  ClusterCall(const ClusterCall&) = delete;
  ClusterCall& operator=(const ClusterCall&) = delete;
  ~ClusterCall() override;

  void cancel(std::uint64_t call_id) override;
  void resume(const NodePtr& node) override;
  void give_up(Status why) override;

 private:
  using Time = std::chrono::nanoseconds;
  enum class Sent : std::uint8_t {
    kGone,          // nothing left to do here
    kNotConnected,  // nothing was sent, since the connection has just been lost
    kFull,          // nothing was sent, since the connection has no room
    kRetry          // the attempt has failed, and there is to be another one
  };

  Status prepare(const Method& method, const CallOptions& options, Clock::TimePoint now);
  // Sends the call somewhere, or makes it wait, or ends it. `node`: where to, if that is known.
  void go_on(NodePtr node) { go_on(std::move(node), core_->home().now()); }
  void go_on(NodePtr node, Clock::TimePoint now);
  // Waits for a server; true if there is no need to.
  bool wait_for(const NodePtr& node);
  // `full`: set to why, for kFull.
  Sent send(const NodePtr& node, bool hedge, Clock::TimePoint now, Status& full);
  // What is to come after it. `sent`: a server may have seen it.
  Sent end_attempt(ClusterAttempt& attempt, bool sent);
  bool retry_allowed(const Status& outcome, const ClusterNode& node);
  void pause();
  void hedge();
  void on_timer();
  // Starts the timer on the home loop; once for each wait.
  void set_timer(Clock::TimePoint due);

  bool expired(Clock::TimePoint now) const noexcept {
    return started_.has_deadline() && now >= started_.deadline;
  }
  void keep_argument();
  const void* argument() const noexcept { return copy_ ? copy_ : argument_; }
  bool hedged() const noexcept;
  ClusterChoice choose(std::vector<std::uint64_t> avoid, Clock::TimePoint now);
  Status not_called(const Status& why) const;
  Status cancelled() const;
  // True once.
  bool claim_end() noexcept { return !done_.exchange(true, std::memory_order_acq_rel); }
  // After claim_end(). `winner`: the attempt with the reply, or null.
  void finish(Status outcome, ClusterAttempt* winner);
  void fail(Status why);
  void expire();

  const std::shared_ptr<ClusterCore> core_;
  const NodePtr only_there_;
  StartedCall started_;
  CallOptions options_;
  std::optional<std::uint64_t> key_;
  const void* argument_ = nullptr;  // the caller's, while start() runs
  void* copy_ = nullptr;            // of it, once it may be needed later

  std::atomic<bool> done_ = false;
  std::atomic<bool> cancelled_ = false;
  std::atomic<bool> timed_ = false;  // the timer has been used
  bool counted_ = false;             // by the cluster, as running
  Timer timer_;                      // the home loop's
  bool timer_set_ = false;           // likewise

  ClusterAttempts attempts_;
  std::atomic<std::uint32_t> sent_ = 0;     // attempts that a server may have seen
  std::atomic<std::uint32_t> running_ = 0;  // attempts that have not ended
  std::atomic<std::uint32_t> pauses_ = 0;
};

}  // namespace tern
