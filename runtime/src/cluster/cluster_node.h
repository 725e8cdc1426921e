// One server of a cluster.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "call/client_core.h"
#include "cluster/alarms.h"
#include "cluster/outlier.h"
#include "tern/server_load.h"

namespace tern {

class ClusterCore;

// What is known of the way to a server.
enum class Reach : std::uint8_t {
  kIdle,        // nobody has asked for a connection
  kConnecting,  // the first attempt, within the patience of calls: they wait for it
  kReturning,   // a connection is being made, but nothing says that it will come to be
  kReady,
  kUnreachable  // the last attempt has failed; the next one comes by itself
};

// Listens to its connection, and hands on what it hears to the cluster's home loop.
class ClusterNode final : public ConnectivityListener,
                          public Alarmed,
                          public std::enable_shared_from_this<ClusterNode> {
 public:
  ClusterNode(std::weak_ptr<ClusterCore> cluster, Loop& home, std::shared_ptr<ServerLoad> server,
              std::shared_ptr<ClientCore> connection, const OutlierPolicy& outliers);
  ClusterNode(const ClusterNode&) = delete;
  ClusterNode& operator=(const ClusterNode&) = delete;

  const std::shared_ptr<ServerLoad> load;
  const std::shared_ptr<ClientCore> client;
  const std::string address;

  // Any thread reads them; they are written with the cluster's mutex held.
  std::atomic<Reach> reach = Reach::kIdle;
  std::atomic<bool> listed = true;        // its discovery has it
  std::atomic<std::uint64_t> unsent = 0;  // of the calls that load has seen to start

  std::uint64_t calls_sent() const noexcept {
    const std::uint64_t without = unsent.load(std::memory_order_relaxed);
    return load->calls_started() - without;
  }

  // Whether a call that ends well is no news: the server is listed, and has not just failed.
  bool quiet() const noexcept {
    return listed.load(std::memory_order_relaxed) && outlier.in_a_row() == 0;
  }

  // Guarded by the cluster's mutex, but for what Outlier says of itself.
  Instance instance;  // as it is listed now
  Outlier outlier;
  Status last_failure;

  // The home loop's.
  Alarm patience;
  Alarm time_out;           // until it may come back, then until its check must be answered
  std::uint64_t check = 0;  // the number of the one that is under way, or 0
  std::uint64_t checks = 0;

 private:
  void on_connected() override;
  void on_disconnected(const Status& why) override;
  void on_connect_failed(const Status& why, Clock::Duration wait) override;
  void on_alarm(Alarm& alarm) override;

  const std::weak_ptr<ClusterCore> cluster_;
  Loop& home_;
};

using NodePtr = std::shared_ptr<ClusterNode>;

}  // namespace tern
