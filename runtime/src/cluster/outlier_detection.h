// Ejects servers that fail call after call, and checks them before they get calls again.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

#include "cluster/alarms.h"
#include "cluster/subchannel.h"
#include "cluster/wait_queue.h"
#include "net/loop.h"
#include "tern/channel.h"
#include "tern/cluster.h"

namespace tern::cluster {

class ServerSet;

// A part of its server set. An ejected server stays ejected until its alarm rings. Then it is
// checked, until it answers or the alarm rings again. Threads: the home loop's, if not marked
// otherwise.
class OutlierDetection {
 public:
  // A channel to one server alone, for the check of OutlierPolicy.
  using ChannelTo = std::function<std::shared_ptr<Channel>(const SubchannelPtr&)>;

  OutlierDetection(ServerSet& servers, WaitQueue& queue, Loop& home, std::shared_ptr<Alarms> alarms,
                   const OutlierPolicy& policy);
  OutlierDetection(const OutlierDetection&) = delete;
  OutlierDetection& operator=(const OutlierDetection&) = delete;

  // Once, before anything else. Any thread.
  void begin(ChannelTo channel_to) { channel_to_ = std::move(channel_to); }

  // It has failed often enough to be ejected.
  void on_failing(const SubchannelPtr& server);
  void on_connected(const SubchannelPtr& server);
  // Its Subchannel::ejection rings.
  void on_alarm(const SubchannelPtr& server);

  // How many there were. Any thread.
  std::uint64_t ejections() const noexcept { return ejections_.load(std::memory_order_relaxed); }

 private:
  void begin_check(const SubchannelPtr& server);
  void ping(const SubchannelPtr& server);
  void run_users_check(const SubchannelPtr& server);
  void on_checked(const SubchannelPtr& server, std::uint64_t check, const Status& outcome);
  void set_alarm(Subchannel& server, Clock::Duration wait);

  // Constant after begin().
  ServerSet& servers_;
  WaitQueue& queue_;
  Loop& home_;
  const std::shared_ptr<Alarms> alarms_;
  const OutlierPolicy& policy_;
  ChannelTo channel_to_;

  std::atomic<std::uint64_t> ejections_ = 0;
};

}  // namespace tern::cluster
