// Which server the next attempt of a cluster's call goes to.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "cluster/cluster_attempt.h"
#include "cluster/cluster_request.h"
#include "cluster/picker.h"
#include "cluster/subchannel.h"
#include "tern/clock.h"
#include "tern/cluster.h"
#include "tern/status.h"

namespace tern::cluster {

// The servers that could not take a call since it began to choose.
class Detours {
 public:
  Detours() = default;

  // An attempt was not sent: whether the call can go to another server.
  bool add(const Attempt& attempt, const Status& failure);

  // Ids of servers.
  const std::vector<std::uint64_t>& avoid() const noexcept { return avoid_; }
  // The failure of one that has no room; or OK.
  const Status& full() const noexcept { return full_; }

 private:
  std::vector<std::uint64_t> avoid_;
  Status full_;
};

// Of one call: any server of the cluster, but none twice between two pauses; or one server.
// Threads: the call's owner, but for round().
class ServerChoice {
 public:
  // `only_there`: of a call to one server, or null.
  ServerChoice(const Picker& picker, const SubchannelPtr& only_there)
      : picker_(picker), only_there_(only_there) {}

  bool one_server() const noexcept { return only_there_ != nullptr; }
  // `again` of the result: there is no server that has not been tried.
  Pick pick(const Request& request, const Attempts& attempts,
            const std::vector<std::uint64_t>& avoid, Clock::TimePoint now) const;
  // The same for a first attempt of a call to any server.
  Pick pick_first(const Request& request, Clock::TimePoint now) const {
    return picker_.pick(request.pick(now, false), {});
  }

  // The pauses so far, after each of which every server may be tried again. Any thread.
  std::uint32_t round() const noexcept { return pauses_; }
  // One more: how long it takes.
  Clock::Duration pause(const ClusterOptions& options);
  // As if there had been none.
  void begin_anew() noexcept { pauses_ = 0; }

 private:
  const Picker& picker_;
  const SubchannelPtr only_there_;
  std::atomic<std::uint32_t> pauses_ = 0;
};

}  // namespace tern::cluster
