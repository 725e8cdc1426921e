// The servers of a cluster: who is listed, and how each can be reached.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "cluster/alarms.h"
#include "cluster/leaving_servers.h"
#include "cluster/listed_servers.h"
#include "cluster/outage.h"
#include "cluster/outlier_detection.h"
#include "cluster/picker.h"
#include "cluster/subchannel.h"
#include "cluster/wait_queue.h"
#include "net/loop.h"
#include "net/loop_tasks.h"
#include "tern/cluster.h"

namespace tern::cluster {

// Servers and connections change on one loop, the cluster's home. Each change replaces the servers
// of the picker and resumes the calls in the queue that it can matter to; what there is no memory
// for is done again until it is done. Threads: members any, if not marked otherwise.
class ServerSet final : public Alarmed, private net::LoopTask {
 public:
  // The references must outlive it.
  ServerSet(std::shared_ptr<Discovery> discovery, IoPool& pool, Loop& home,
            const ClusterOptions& options, std::shared_ptr<Alarms> alarms, Picker& picker,
            WaitQueue& queue);
  ServerSet(const ServerSet&) = delete;
  ServerSet& operator=(const ServerSet&) = delete;

  // Once, before anything else. `self`: this, as its owner keeps it alive.
  void begin(const std::shared_ptr<ServerSet>& self, OutlierDetection::ChannelTo channel_to);
  // Nothing changes from now on. Returns the servers whose connections the caller closes.
  std::vector<SubchannelPtr> close();
  // After close(): releases the servers. On the home loop.
  void shut_down();

  std::vector<SubchannelPtr> listed() const;
  void add_to(ClusterStats& stats) const;
  OutlierDetection& outliers() noexcept { return outliers_; }
  std::weak_ptr<ServerSet> weak() const noexcept { return self_; }

  // --- For calls ---

  // Whether a call must wait for `server`, or for any server if that is null. Begins to connect an
  // idle server. `only_there`: the call can go to `server` alone. `patient`: it also waits while no
  // server can be reached.
  Wait prepare_to_wait(const SubchannelPtr& server, bool only_there, bool patient);
  // The same, for a call that waits until the servers are known. kNow: they are.
  Wait prepare_to_wait_for_list(bool patient);
  // Why a call that can go to `server` alone fails when that is not listed any more.
  static Status not_listed(const Subchannel& server);
  // A call's attempt has ended. The last one of a server that is not listed any more releases it.
  void attempt_ended(const SubchannelPtr& server, const Status& outcome) {
    server->load->call_ended();
    if (!outcome.ok() || !server->quiet()) look_at(server, outcome);
  }

  // --- For its subchannels. On the home loop ---

  // What throws std::bad_alloc is called again.
  void begin_connect(const SubchannelPtr& server);
  // Closes the connection of a server that has left, when its last call has ended.
  void release(const SubchannelPtr& server);
  void on_connected(const SubchannelPtr& server);
  void on_disconnected(const SubchannelPtr& server, const Status& why);
  void on_connect_failed(const SubchannelPtr& server, const Status& why);
  void on_connect_wait_over(const SubchannelPtr& server) noexcept;

  // --- For the outlier detection. On the home loop ---

  // Whether it is listed, and the cluster is not closed.
  bool has(const Subchannel& server) const;
  bool may_eject(const Subchannel& server) const;
  void on_ejection_changed() noexcept;

 private:
  // What the discovery says. Any thread.
  void note_servers(const ServerView& view) noexcept;
  void post() noexcept;

  // On the home loop.
  void run_on_loop() override;
  void on_servers(const ServerView& view);
  void on_alarm(Alarm& alarm) override;  // outage_wait is over

  void look_at(const SubchannelPtr& server, const Status& outcome) noexcept;
  void set_alarm(Alarm& alarm, std::weak_ptr<Alarmed> who, Clock::Duration wait);

  // With the mutex held.
  // Nothing has changed if it throws.
  std::vector<SubchannelPtr> take_over(const ServerView& view, bool& reweighted);
  SubchannelPtr make_subchannel(const Instance& instance);
  // Null: it is not listed any more.
  ListedServer* entry_of(const Subchannel& server);
  // `reweighted`: also if the same servers can be called.
  void update_picker(bool reweighted = false) noexcept;
  // Whether a server may become ready without a new call: the list or a connection is on its way.
  bool something_may_come() const noexcept;
  // Whether the last server that could be reached has just been lost.
  bool just_lost() const noexcept;

  // Constant after begin().
  const ClusterOptions& options_;
  const std::shared_ptr<Discovery> discovery_;
  IoPool& pool_;
  Loop& home_;
  const std::shared_ptr<Alarms> alarms_;
  Picker& picker_;
  WaitQueue& queue_;
  std::weak_ptr<ServerSet> self_;

  OutlierDetection outliers_;

  mutable std::mutex mutex_;  // guards the following; who writes what any thread reads of the
                              // subchannels holds it, and who replaces the picker's servers
  bool closed_ = false;
  std::unique_ptr<Discovery::Watch> watch_;  // from begin() to close()
  std::optional<ServerView> news_;           // that on_servers() has not had
  // There was no memory for the picker's servers; or also for their new weights.
  enum class Stale : std::uint8_t { kNo, kServers, kWeights };
  Stale picker_stale_ = Stale::kNo;
  bool known_ = false;  // the servers, that is
  Status discovery_status_;
  ListedServers servers_;
  LeavingServers leaving_;
  std::uint64_t next_id_ = 1;
  Outage outage_;
  Alarm outage_alarm_;
};

}  // namespace tern::cluster
