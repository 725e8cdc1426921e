// One server of a cluster, and the connection to it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "call/client_channel.h"
#include "cluster/alarms.h"
#include "cluster/movable_streams.h"
#include "cluster/outlier.h"
#include "net/loop_tasks.h"
#include "tern/server_load.h"

namespace tern::cluster {

class ServerSet;

// The state of the connection to a server. These are gRPC's states, with two kinds of connecting.
enum class Connectivity : std::uint8_t {
  kIdle,                    // no call has asked for a connection
  kConnecting,              // the first attempt, within connect_wait: calls wait for it
  kConnectingInBackground,  // calls go to other servers
  kReady,
  kTransientFailure  // the last attempt has failed; the next one follows by itself
};

// As ClusterServerStats has it.
std::string_view name_of(Connectivity connectivity) noexcept;

// Reports the changes of its connection to the server set, on the home loop. A change takes no
// memory to be noted, and is reported in the end: what the server set has no memory for is reported
// to it again.
class Subchannel final : public call::ConnectivityListener,
                         public Alarmed,
                         private net::LoopTask,
                         public std::enable_shared_from_this<Subchannel> {
 public:
  Subchannel(std::weak_ptr<ServerSet> servers, Loop& home, std::shared_ptr<ServerLoad> its_load,
             std::shared_ptr<call::ClientChannel> its_client, const OutlierPolicy& outliers);
  Subchannel(const Subchannel&) = delete;
  Subchannel& operator=(const Subchannel&) = delete;

  const std::shared_ptr<ServerLoad> load;
  const std::shared_ptr<call::ClientChannel> client;
  const std::string address;

  // Any thread reads them; the server set alone writes them.
  std::atomic<Connectivity> connectivity = Connectivity::kIdle;
  std::atomic<bool> listed = true;  // its discovery has it

  std::atomic<std::uint64_t> unsent = 0;  // of the calls that load has seen to start
  Outlier outlier;

  // Of the one that calls go to; they have numbers from 1.
  std::uint64_t connections() const noexcept { return connections_.load(); }
  // Whether the server goes away, which it has said on that connection, or is not listed any more.
  bool has_gone_away(std::uint64_t connection) const noexcept {
    return !listed || gone_.load() >= connection;
  }
  // Moves what can be moved of the connections up to that one.
  void move_streams(std::uint64_t connection) noexcept;
  MovableStreams movable;

  std::uint64_t calls_sent() const noexcept {
    const std::uint64_t without = unsent.load(std::memory_order_relaxed);
    return load->calls_started() - without;
  }

  // Whether a success changes nothing: the server is listed, and its last call has not failed.
  bool quiet() const noexcept {
    return listed.load(std::memory_order_relaxed) && outlier.in_a_row() == 0;
  }

  // Takes the memory for its alarms. Once, before anything else; throws std::bad_alloc.
  void prepare(const std::shared_ptr<Alarms>& alarms);

  // --- What calls find out. The server set hears it on the home loop. Any thread ---

  // A call wants a connection.
  void want_connection() noexcept;
  // It has failed so often that it may be ejected.
  void note_failing() noexcept;
  // It is not listed any more, and no call runs.
  void note_unused() noexcept;

  // The home loop's: the server set's, and the outlier detection's.
  Alarm connect_wait;
  Alarm ejection;           // the end of the ejection, then the time limit of the check
  std::uint64_t check = 0;  // the number of the running check; 0: none
  std::uint64_t checks = 0;

 private:
  void on_connected() override;
  void on_going_away() override;
  void on_disconnected(const Status& why) override;
  void on_connect_failed(const Status& why, Clock::Duration wait) override;
  void on_alarm(Alarm& alarm) override;
  void run_on_loop() override;

  // What the server set has not heard, in the order in which it hears it. A connection that was
  // made hides what was before.
  struct News {
    News() = default;
    bool connected = false;
    std::optional<Status> disconnected;
    std::optional<Status> connect_failed;
    bool wanted = false;
    bool failing = false;
    bool unused = false;
  };
  template <typename Note>
  void note(Note what) noexcept;
  void tell(ServerSet& servers, News& news);
  void put_back(News&& news) noexcept;

  const std::weak_ptr<ServerSet> servers_;
  Loop& home_;
  std::atomic<std::uint64_t> connections_ = 0;
  std::atomic<std::uint64_t> gone_ = 0;  // the last one whose server goes away

  std::mutex mutex_;  // guards the following
  News news_;
};

using SubchannelPtr = std::shared_ptr<Subchannel>;

}  // namespace tern::cluster
