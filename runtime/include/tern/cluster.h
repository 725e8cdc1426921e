// A client of many servers.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tern/balancer.h"
#include "tern/channel.h"
#include "tern/client.h"
#include "tern/codegen/call_state.h"
#include "tern/discovery.h"
#include "tern/function.h"
#include "tern/io_pool.h"
#include "tern/result.h"

namespace tern {

// Whether a call that has failed is sent again, to another server where there is one. That is only
// done when it does no harm: for kUnavailable when the handler cannot have run or the method is
// idempotent, and for kResourceExhausted when the handler cannot have run; never after the call's
// deadline.
struct RetryPolicy {
  RetryPolicy() = default;
  // Of one call, the first included; 1: no retries.
  std::size_t max_attempts = 3;
  // What retries and hedged calls may add to the load: a fifth of the calls of the last ten
  // seconds, and ten for each of these seconds. Calls that a server hands back untouched since it
  // goes away or is gone are no such load, and always sent again.
  double budget_ratio = 0.2;
  double budget_per_second = 10;
  // Waits before a server is tried for the second time by one call. Another server is tried at
  // once.
  Backoff backoff = default_backoff();

  static Backoff default_backoff() {
    Backoff made;
    made.initial = std::chrono::milliseconds(25);
    made.max = std::chrono::seconds(1);
    return made;
  }
};

// Idempotent methods only: when no answer has come after `after`, the call is sent to one more
// server as well, and the first success counts. Taken from the budget of retries.
struct HedgePolicy {
  HedgePolicy() = default;
  std::chrono::nanoseconds after{0};  // 0: never
  std::size_t max_attempts = 2;       // of one call, the first included
};

// Servers that fail call after call get none for a while.
struct OutlierPolicy {
  OutlierPolicy() = default;
  // kUnavailable, kDeadlineExceeded, kInternal or kDataLoss so often in a row, of calls whose
  // handlers may have run; 0: never.
  std::size_t consecutive_failures = 5;
  // The first time; after each further time one `first` longer, up to `longest`. A server that has
  // then been well for as long as it was out counts one time less.
  std::chrono::nanoseconds first{std::chrono::seconds(30)};
  std::chrono::nanoseconds longest{std::chrono::seconds(300)};
  // No more than this share of the servers is out at once. When more than the share is out or
  // cannot be reached, all that can be reached are called.
  double max_share = 0.5;
  // Asks a server that is to come back whether it is well; it stays out as long again if not. Null:
  // a ping, which is answered by every server that can be reached. `done` may be called on any
  // thread; an exception, or no answer within `check_timeout`, is a failure.
  std::function<void(Channel& server, std::function<void(Status)> done)> check;
  std::chrono::nanoseconds check_timeout{std::chrono::seconds(5)};
};

struct ClusterOptions {
  ClusterOptions() = default;

  // Of the connection to each server. Its interceptors run for each attempt; default_timeout,
  // backoff, random and limits mean what they mean for a client of one server. Its backoff begins
  // with 100 ms, since a server may just be restarting, and grows to 10 s; and spreads clients that
  // have lost a server at the same moment: when it returns, in no 100 ms come more than about twice
  // as many as on average.
  ClientOptions client = default_client();
  // Around a whole call, whatever attempts it takes. Their `peer` is `name`.
  std::vector<std::shared_ptr<Interceptor>> interceptors;
  // In error texts: the service's name, say.
  std::string name = "cluster";

  std::shared_ptr<Balancer> balancer;  // null: round_robin()
  RetryPolicy retry;
  HedgePolicy hedge;
  OutlierPolicy outliers;

  // Servers of this zone come first, as long as at least zone_share of them can be called. "": no
  // preference.
  std::string zone;
  double zone_share = 0.5;

  // A call waits so long for the first connection to the server that it is meant for, then goes to
  // another one.
  std::chrono::nanoseconds connect_wait{std::chrono::milliseconds(100)};
  // When the last server that could be reached is lost, calls wait for one to return until so much
  // time has passed since. Restarts one after the other lose no call, however quick they are.
  std::chrono::nanoseconds outage_wait{std::chrono::seconds(1)};
  // Servers that calls go to over connections at once; 0: no limit. One that is put out, or has the
  // weight 0, does not count while it is, even if it is still connected; one that comes back may be
  // one more. Calls to all servers do not keep to it.
  std::size_t max_connections = 0;
  // Calls that wait for one server's answer, and in all; more fail with kResourceExhausted. 0: no
  // limit.
  std::size_t max_calls_per_server = 0;
  std::size_t max_calls = 0;

  static ClientOptions default_client() {
    ClientOptions made;
    made.backoff.initial = std::chrono::milliseconds(100);
    made.backoff.factor = 1.3;
    made.backoff.max = std::chrono::seconds(10);
    made.backoff.jitter = 0.4;
    return made;
  }
};

struct ClusterServerStats {
  ClusterServerStats() = default;
  std::string address;
  std::string zone;
  std::uint32_t weight = 0;
  std::string state;           // "idle", "connecting", "ready", "unreachable", "ejected"
  std::uint64_t calls = 0;     // attempts that went to it
  std::uint64_t failures = 0;  // those that count against it
  std::uint32_t pending = 0;
  std::chrono::nanoseconds latency{0};  // ServerLoad::peak_ewma()
};

struct ClusterStats {
  ClusterStats() = default;
  std::uint64_t calls = 0;        // started
  std::uint64_t attempts = 0;     // sent to a server
  std::uint64_t retries = 0;      // of those
  std::uint64_t hedges = 0;       // of those
  std::uint64_t over_budget = 0;  // failures that were not retried for want of budget
  std::uint64_t ejections = 0;
  std::uint64_t calls_pending = 0;
  std::uint64_t calls_waiting = 0;  // of those, for a connection or a server
  std::vector<ClusterServerStats> servers;
};

// One server of a cluster as a channel: calls go there and nowhere else.
struct ServerChannel {
  Instance instance;
  std::shared_ptr<Channel> channel;
};

// Calls the servers that a discovery knows. Connections are opened when a call needs them, shared,
// and closed when their server has left and its last call has ended; it gets no new ones. A server
// that cannot be reached is tried again in the background and holds nobody up.
//
// While no server can be reached, and outage_wait is over, calls fail with kUnavailable at
// once, or wait until their deadline if CallOptions::wait_for_ready says so.
//
// Threads: any. The destructor closes, as Client's does.
class Cluster final : public Channel {
 public:
  explicit Cluster(std::shared_ptr<Discovery> discovery, ClusterOptions options = ClusterOptions());
  // On a pool that outlives the cluster, instead of one with a thread of its own.
  Cluster(std::shared_ptr<Discovery> discovery, IoPool& pool,
          ClusterOptions options = ClusterOptions());
  ~Cluster() override;

  void start(const Method& method, const void* argument, const CallOptions& options,
             CallRef call) override;

  // The servers that are known now; for calls to all of them see tern/fan_out.h. The channels are
  // good as long as the cluster is.
  std::vector<ServerChannel> servers() const;

  // Calls `done` once with the servers, at least one: right here if they are known, or as soon as
  // they are, on a loop's thread. Or with the failure: none is listed, they cannot be looked up, or
  // they are not known within `timeout`. An exception of `done` goes to the log of the options.
  // Returns the owner of the wait: its cancel() ends the wait with kCancelled.
  std::weak_ptr<CallOwner> when_known(
      std::optional<std::chrono::nanoseconds> timeout,
      UniqueFunction<void(Result<std::vector<ServerChannel>>)> done);

  // What logs an exception of `thrower`, as the cluster logs those of its own calls' callbacks. May
  // be called on any thread and at any time; when the cluster is gone it does nothing.
  std::function<void(std::string_view what)> exception_logger(std::string thrower) const;

  // Ends every call with kCancelled, also the wait of when_known(), and refuses new ones. Twice is
  // fine. What the ending calls have left behind runs on a loop's thread, as always: for those that
  // wait in the cluster on the thread of its first loop. Returns when they have ended, unless this
  // is a thread of another loop, or the loop is on an io_context that the user runs: there they end
  // when it runs next, or with it. If it has stopped, they end here.
  void close();

  ClusterStats stats() const;

 private:
  friend class FanOut;

  std::unique_ptr<IoPool> own_pool_;
  std::shared_ptr<class ClusterCore> core_;
};

}  // namespace tern
