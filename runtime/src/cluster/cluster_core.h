// The parts of a cluster: its servers, the picker, and the queue of calls that wait.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "base/log_throttle.h"
#include "cluster/alarms.h"
#include "cluster/cluster_counters.h"
#include "cluster/picker.h"
#include "cluster/server_set.h"
#include "cluster/wait_queue.h"
#include "net/loop.h"
#include "tern/cluster.h"

namespace tern::cluster {

// Owns the parts. The server set knows the picker and the queue, and these know nothing of it;
// calls use all three. Threads: any.
class Core final : public std::enable_shared_from_this<Core> {
 public:
  Core(std::shared_ptr<Discovery> discovery, IoPool& pool, ClusterOptions options);
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;
  ~Core();

  // Once, before anything else.
  void begin();
  // Ends the calls that wait, on the home loop. Returns when they have ended, unless this is a
  // thread of another loop, or the home loop has no thread to wait for.
  void close();

  // Their client.random is set, and for any thread.
  const ClusterOptions& options() const noexcept { return options_; }
  bool hedges() const noexcept { return may_hedge_; }
  // Where servers and connections change, and alarms ring.
  Loop& home() noexcept { return home_; }
  const std::shared_ptr<Alarms>& alarms() const noexcept { return alarms_; }
  Counters& counters() noexcept { return counters_; }
  const Picker& picker() const noexcept { return picker_; }
  WaitQueue& queue() noexcept { return queue_; }
  ServerSet& servers() noexcept { return servers_; }
  ClusterStats stats() const;
  void log_exception(std::string_view thrower, std::string_view what);

  // Puts the waiter into the queue, unless ServerSet::prepare_to_wait() says otherwise.
  Wait wait(std::shared_ptr<Waiter> waiter, const SubchannelPtr& server, bool only_there,
            bool patient, Clock::TimePoint until);
  // The same, until the servers are known.
  Wait wait_for_list(std::shared_ptr<Waiter> waiter, bool patient, Clock::TimePoint until);

 private:
  // On the home loop, or when that has stopped.
  void shut_down();

  const ClusterOptions options_;
  const bool may_hedge_;
  IoPool& pool_;
  Loop& home_;
  const std::shared_ptr<Alarms> alarms_;
  base::LogThrottle log_;
  Counters counters_;
  Picker picker_;
  WaitQueue queue_;
  ServerSet servers_;
};

}  // namespace tern::cluster
