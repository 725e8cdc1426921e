// One server of a cluster, and the connection to it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "call/client_core.h"
#include "cluster/alarms.h"
#include "cluster/outlier.h"
#include "tern/server_load.h"

namespace tern {

class ServerSet;

// What is known of the way to a server: gRPC's states, with two kinds of connecting.
enum class Connectivity : std::uint8_t {
  kIdle,                    // nobody has asked for a connection
  kConnecting,              // the first attempt, within its connect_wait: calls wait for it
  kConnectingInBackground,  // nothing says that the connection will come to be: no call waits for
                            // it
  kReady,
  kTransientFailure  // the last attempt has failed; the next one comes by itself
};

// As ClusterServerStats has it.
std::string_view name_of(Connectivity connectivity) noexcept;

// Listens to its connection, and hands on what it hears to the server set, on the home loop.
class Subchannel final : public ConnectivityListener,
                         public Alarmed,
                         public std::enable_shared_from_this<Subchannel> {
 public:
  Subchannel(std::weak_ptr<ServerSet> servers, Loop& home, std::shared_ptr<ServerLoad> its_load,
             std::shared_ptr<ClientCore> its_client, const OutlierPolicy& outliers);
  Subchannel(const Subchannel&) = delete;
  Subchannel& operator=(const Subchannel&) = delete;

  const std::shared_ptr<ServerLoad> load;
  const std::shared_ptr<ClientCore> client;
  const std::string address;

  // Any thread reads them; the server set alone writes them.
  std::atomic<Connectivity> connectivity = Connectivity::kIdle;
  std::atomic<bool> listed = true;  // its discovery has it

  std::atomic<std::uint64_t> unsent = 0;  // of the calls that load has seen to start
  Outlier outlier;                        // which says what may be read where

  std::uint64_t calls_sent() const noexcept {
    const std::uint64_t without = unsent.load(std::memory_order_relaxed);
    return load->calls_started() - without;
  }

  // Whether a call that ends well is no news: the server is listed, and has not just failed.
  bool quiet() const noexcept {
    return listed.load(std::memory_order_relaxed) && outlier.in_a_row() == 0;
  }

  // The home loop's: the server set's, and the outlier detection's.
  Alarm connect_wait;
  Alarm ejection;           // until it may come back, then until its check must be answered
  std::uint64_t check = 0;  // the number of the one that is under way, or 0
  std::uint64_t checks = 0;

 private:
  void on_connected() override;
  void on_disconnected(const Status& why) override;
  void on_connect_failed(const Status& why, Clock::Duration wait) override;
  void on_alarm(Alarm& alarm) override;

  const std::weak_ptr<ServerSet> servers_;
  Loop& home_;
};

using SubchannelPtr = std::shared_ptr<Subchannel>;

}  // namespace tern
