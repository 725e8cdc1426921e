// What a cluster knows of its servers, and the calls that wait for one of them.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/log_throttle.h"
#include "cluster/alarms.h"
#include "cluster/cluster_node.h"
#include "cluster/current.h"
#include "cluster/retry_budget.h"
#include "net/loop.h"
#include "tern/cluster.h"

namespace tern {

// Something that waits for the cluster to change, or for its time to be over, when its alarm rings.
// Whoever takes it out of the waiting ones goes on with it.
class ClusterWaiter : public Alarmed {
 public:
  // `node`: the server that it has waited for, if that is now connected; else null.
  virtual void resume(const NodePtr& node) = 0;
  // The cluster is closed. On the home loop, or when that has ended.
  virtual void give_up(Status why) = 0;

  // Guarded by the cluster's mutex.
  std::uint64_t place = 0;                           // among the waiting ones
  Clock::TimePoint until = Clock::TimePoint::max();  // then it has waited long enough

  Alarm alarm;  // while it waits: for `until`

 protected:
  ~ClusterWaiter() = default;
};

// Where a call goes.
struct ClusterChoice {
  ClusterChoice() = default;
  NodePtr node;        // null: to none of them now
  bool again = false;  // the call has been there before, as everywhere else
  Status failure;      // then there is no node, and waiting is of no use
};

// What becomes of one who would wait.
struct ClusterWait {
  enum class Kind : std::uint8_t {
    kWaiting,  // resume() or give_up() comes, perhaps at once
    kNow,      // things have changed meanwhile: choose again
    kFailed    // nothing to wait for
  };
  ClusterWait() = default;
  Kind kind = Kind::kWaiting;
  Status failure;
};

// Changes of servers and connections happen on one loop, its home; calls choose their server on
// any thread, from an immutable set. Threads: members any, if not marked otherwise.
class ClusterCore final : public Alarmed, public std::enable_shared_from_this<ClusterCore> {
 public:
  ClusterCore(std::shared_ptr<Discovery> discovery, IoPool& pool, ClusterOptions options);
  ClusterCore(const ClusterCore&) = delete;
  ClusterCore& operator=(const ClusterCore&) = delete;
  ~ClusterCore();

  // Once, before anything else.
  void begin();
  // What waits is given up on the home loop. Returns when that has happened, unless this is a
  // thread of another loop, or the home loop has no thread to wait for.
  void close();

  const ClusterOptions& options() const noexcept { return options_; }
  Loop& home() noexcept { return home_; }
  const std::shared_ptr<Alarms>& alarms() const noexcept { return alarms_; }
  RetryBudget& budget() noexcept { return budget_; }
  bool hedges() const noexcept { return may_hedge_; }
  std::vector<NodePtr> listed() const;
  ClusterStats stats() const;

  // --- For its calls ---

  // Counts the call; a failure if there are too many, and then it is not to end.
  Status call_started(Clock::TimePoint now) {
    if (options_.max_calls > 0) return call_started_within_limit(now);
    budget_.call_started(now);
    return {};
  }
  void call_ended() noexcept { ended_.fetch_add(1, std::memory_order_release); }
  void attempt_started(ClusterNode& node, bool retry, bool hedge) noexcept {
    node.load->call_started();
    if (retry) retries_.fetch_add(1, std::memory_order_relaxed);
    if (hedge) hedges_.fetch_add(1, std::memory_order_relaxed);
  }
  void attempt_not_sent(ClusterNode& node, bool retry, bool hedge) noexcept;
  void count_over_budget() noexcept { over_budget_.fetch_add(1, std::memory_order_relaxed); }
  double random() { return options_.client.random(); }
  void log_exception(std::string_view thrower, std::string_view what);

  // `tried`: ids of the servers that the call has been to; another one is chosen where there is
  // one.
  ClusterChoice choose(const PickRequest& request, const std::vector<std::uint64_t>& tried);
  // Puts the waiter among the waiting ones: for `node`, which it had been given, or for any server.
  // `only_there`: a call that can go to `node` alone. `patient`: also while nothing can be reached.
  // `until`: when its alarm rings, if nobody has taken it by then.
  ClusterWait wait(std::shared_ptr<ClusterWaiter> waiter, const NodePtr& node, bool only_there,
                   bool patient, Clock::TimePoint until);
  // Among the waiting ones until somebody takes it. False: the cluster is closed.
  bool wait_by_itself(std::shared_ptr<ClusterWaiter> waiter, Clock::TimePoint until);
  // Until the servers are known. kNow: they are.
  ClusterWait wait_for_servers(std::shared_ptr<ClusterWaiter> waiter, bool patient,
                               Clock::TimePoint until);
  // Why a call that can go to `node` alone fails when that has left.
  static Status not_listed(const ClusterNode& node);
  bool waits(const ClusterWaiter& waiter) const;
  // True if it was among the waiting ones, and is the caller's now.
  bool take(ClusterWaiter& waiter);
  // The same, if it has waited long enough.
  bool take_if_due(ClusterWaiter& waiter);
  // A call's attempt has ended. The last one of a server that has left lets go of it.
  void attempt_ended(const NodePtr& node, const Status& outcome) {
    node->load->call_ended();
    if (!outcome.ok() || !node->quiet()) look_at(node, outcome);
  }

  // --- On the home loop ---

  void on_connected(const NodePtr& node);
  void on_disconnected(const NodePtr& node, const Status& why);
  void on_connect_failed(const NodePtr& node, const Status& why);
  void on_patience_over(const NodePtr& node);
  void on_time_out_over(const NodePtr& node);

 private:
  struct Waiting {
    std::shared_ptr<ClusterWaiter> waiter;
    NodePtr node;            // that it waits for, if it is one
    bool by_itself = false;  // no change of the cluster is of interest
  };
  using Waiters = std::vector<Waiting>;
  class GivenUp;
  // What calls choose from.
  struct Picking {
    Candidates candidates;
    std::vector<NodePtr> nodes;  // those of candidates, in their order
  };

  // On the home loop.
  void on_servers(const ServerView& view);
  void on_alarm(Alarm& alarm) override;  // outage_wait is over
  void on_failing(const NodePtr& node);
  void on_checked(const NodePtr& node, std::uint64_t check, const Status& outcome);
  void begin_connect(const NodePtr& node);
  void begin_check(const NodePtr& node);
  void run_check(const NodePtr& node, std::function<void(Status)> done);
  void release(const NodePtr& node);
  void look_at(const NodePtr& node, const Status& outcome);
  Status call_started_within_limit(Clock::TimePoint now);
  void shut_down();
  void set_alarm(Alarm& alarm, std::weak_ptr<Alarmed> who, Clock::Duration wait);
  static void resume(const Waiters& waiters, const NodePtr& node);

  std::size_t pick(const Picking& picking, const PickRequest& request) noexcept;
  bool full(const ClusterNode& node) const noexcept {
    return options_.max_calls_per_server > 0 &&
           node.load->pending() >= options_.max_calls_per_server;
  }

  // With the mutex held.
  NodePtr make_node(const Instance& instance);
  void set_reach(ClusterNode& node, Reach reach) noexcept;
  // `reweighted`: also if the same servers can be called.
  void rebuild(bool reweighted = false);
  bool may_be_chosen(const ClusterNode& node, bool ignore_ejection) const noexcept;
  // Those to whom a change of `changed`, or of the cluster if it is null, can matter.
  Waiters take_waiters(const ClusterNode* changed);
  void add_waiter(std::shared_ptr<ClusterWaiter> waiter, NodePtr node, bool by_itself,
                  Clock::TimePoint until);
  bool take_out(ClusterWaiter& waiter);
  bool something_may_come() const noexcept;
  // Whether the last server that could be reached has just been lost.
  bool just_lost() const noexcept;
  Status nothing_there() const;

  // Constant.
  const ClusterOptions options_;  // with a random source for several threads
  const bool may_hedge_;
  const std::shared_ptr<Discovery> discovery_;
  const std::shared_ptr<Balancer> balancer_;
  IoPool& pool_;
  Loop& home_;
  const std::shared_ptr<Alarms> alarms_;
  RetryBudget budget_;
  LogThrottle log_;

  std::atomic<std::uint64_t> refused_ = 0;  // calls, since there were too many
  std::atomic<std::uint64_t> ended_ = 0;    // the others
  std::atomic<std::uint64_t> retries_ = 0;
  std::atomic<std::uint64_t> hedges_ = 0;
  std::atomic<std::uint64_t> over_budget_ = 0;

  Current<Picking> picking_;  // replaced with the mutex held

  mutable std::mutex mutex_;  // guards the following, and parts of the nodes
  bool closed_ = false;
  std::unique_ptr<Discovery::Watch> watch_;  // from begin() to close()
  bool known_ = false;                       // the servers, that is
  Status discovery_status_;
  std::map<std::string, NodePtr, std::less<>> nodes_;  // by address
  std::vector<NodePtr> leaving_;                       // not listed any more, with calls running
  std::uint64_t next_node_ = 1;
  std::uint64_t next_place_ = 1;
  std::map<std::uint64_t, Waiting> waiting_;  // in the order of their coming
  std::uint64_t calls_of_gone_ = 0;           // that were sent to nodes that are let go of
  std::uint64_t ejections_ = 0;
  bool reached_ = false;  // a server, since the last time when none could be reached
  Clock::TimePoint lost_at_ = Clock::TimePoint::max();  // the last that could be reached; or never
  Alarm outage_;
};

}  // namespace tern
