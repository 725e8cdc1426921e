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

namespace tern::cluster {
class Core;
}  // namespace tern::cluster

namespace tern {

// Whether a call that has failed is retried, on another server where there is one. It is retried
// only when that does no harm: for kUnavailable when the handler cannot have run or the method is
// idempotent, and for kResourceExhausted when the handler cannot have run; never after the call's
// deadline.
struct RetryPolicy {
  RetryPolicy() = default;
  // Of one call, the first included; 1: no retries.
  std::size_t max_attempts = 3;
  // What retries and hedged calls may add to the load: a fifth of the calls of the last ten
  // seconds, and ten for each of these seconds. A call that a server has not run because it is
  // going away does not count, and is always retried.
  double budget_ratio = 0.2;
  double budget_per_second = 10;
  // The wait before one call tries the same server again. Another server is tried at once.
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

// Outlier detection: a server that fails call after call is ejected, and gets no calls for a while.
struct OutlierPolicy {
  OutlierPolicy() = default;
  // kUnavailable, kDeadlineExceeded, kInternal or kDataLoss so many times in a row, of calls whose
  // handlers may have run; 0: never.
  std::size_t consecutive_failures = 5;
  // `first` for the first ejection, and one `first` longer for each further one, up to `longest`.
  // Whenever the server then stays healthy for as long, one ejection is forgiven.
  std::chrono::nanoseconds first{std::chrono::seconds(30)};
  std::chrono::nanoseconds longest{std::chrono::seconds(300)};
  // At most this share of the servers is ejected at once. When more than the share is ejected or
  // cannot be reached, all reachable servers are called.
  double max_share = 0.5;
  // Checks a server before it gets calls again; if the check fails, it stays ejected for as long
  // again. Null: a ping, which every reachable server answers. `done` may be called on any thread;
  // an exception, or no answer within `check_timeout`, is a failure.
  std::function<void(Channel& server, std::function<void(Status)> done)> check;
  std::chrono::nanoseconds check_timeout{std::chrono::seconds(5)};
};

struct ClusterOptions {
  ClusterOptions() = default;

  // Of the connection to each server. Its interceptors run for each attempt; default_timeout,
  // backoff, random and limits mean what they mean for a client of one server. Its backoff begins
  // with 100 ms, since a server may just be restarting, and grows to 10 s. Its jitter spreads
  // clients that have lost a server at the same moment: when the server returns, no 100 ms see more
  // than about twice as many of them as on average.
  ClientOptions client = default_client();
  // Around a whole call, whatever attempts it takes. Their `peer` is `name`.
  std::vector<std::shared_ptr<Interceptor>> interceptors;
  // Stands in error texts: the service's name, for example.
  std::string name = "cluster";

  std::shared_ptr<Balancer> balancer;  // null: round_robin(); client.random says where it begins
  RetryPolicy retry;
  HedgePolicy hedge;
  OutlierPolicy outliers;

  // For streams without a wish of their own.
  StreamOnDrain stream_on_drain = StreamOnDrain::kEnd;

  // Servers of this zone are preferred as long as at least zone_share of them can be called. "": no
  // preference.
  std::string zone;
  double zone_share = 0.5;

  // How long a call waits for the first connection to its server. Then it goes to another server.
  std::chrono::nanoseconds connect_wait{std::chrono::milliseconds(100)};
  // When the last reachable server is lost, calls wait for a server to return, until this much time
  // has passed since the loss. So restarting one server after the other loses no call.
  std::chrono::nanoseconds outage_wait{std::chrono::seconds(1)};
  // At most so many servers are connected and get calls; 0: no limit. A server that is ejected or
  // has the weight 0 does not count, even if it is still connected; when it comes back, there may
  // be one more. Calls to all servers have no such limit.
  std::size_t max_connections = 0;
  // Pending calls of one server, and in all; more fail with kResourceExhausted. 0: no limit.
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
  std::uint64_t over_budget = 0;  // failures that were not retried: the budget was used up
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

// Calls the servers that a discovery knows. A connection is opened when a call needs it, and
// shared. A server that is not listed any more gets no new calls, and its connection is closed when
// its last call has ended. A server that cannot be reached is tried again in the background and
// delays no call.
//
// While no server can be reached, and outage_wait is over, calls fail with kUnavailable at
// once, or wait until their deadline if CallOptions::wait_for_ready says so.
//
// A stream goes to one server, and counts as one of its pending calls as long as it is open. It is
// retried as a call is, as long as no message has been written or has come; it is never hedged. A
// stream whose method has [resume] is opened again when it is lost: its connection breaks, or it
// ends with kUnavailable, because its server stops, for example. Each message has a position, which
// grows. The cluster asks any server for what comes behind the last one that the program has taken,
// so each comes once, in order. It begins when the program has taken what had come, and waits as
// before a retry. RetryPolicy::max_attempts is for those in a row that bring no message and last
// less than the longest backoff. A server that cannot go on from there answers kOutOfRange; then
// the stream ends with kDataLoss, and its text says from which position on messages are lost.
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
  std::shared_ptr<StreamState> make_stream(const Method& method) override;

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

  // Ends every call with kCancelled, also the wait of when_known(), and refuses new ones. May be
  // called again. Their callbacks run on a loop's thread, as always: those of calls that wait in
  // the cluster on the thread of its first loop. Returns when they have ended, unless this is a
  // thread of another loop, or the loop is on an io_context that the user runs: there they end when
  // it runs next, or with it. If it has stopped, they end here.
  void close();

  ClusterStats stats() const;

 private:
  friend class FanOut;

  std::unique_ptr<IoPool> own_pool_;
  std::shared_ptr<cluster::Core> core_;
};

}  // namespace tern
