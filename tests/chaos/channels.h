// The channels of one client process: clusters, and single clients over each protocol.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tern/channel.h"
#include "tern/client.h"
#include "tern/cluster.h"
#include "tern/io_pool.h"

namespace tern::chaos {

// One of them; either of the two is there.
struct CallingChannel {
  std::string name;
  std::unique_ptr<Client> client;
  std::unique_ptr<Cluster> cluster;

  Channel& channel() const {
    return client ? static_cast<Channel&>(*client) : static_cast<Channel&>(*cluster);
  }
  std::uint64_t pending() const {
    return client ? client->stats().calls_pending : cluster->stats().calls_pending;
  }
  void close() const { client ? client->close() : cluster->close(); }
};

struct ChannelsOptions {
  std::string registry;              // host:port
  std::vector<std::string> servers;  // host:port of each
  std::vector<std::string> proxied;  // the same through the proxy
  std::uint64_t seed = 0;            // which protocol goes to which server
};

// All on `pool`, which outlives them. Throws std::runtime_error if an address cannot be read.
std::vector<CallingChannel> make_channels(const ChannelsOptions& options, IoPool& pool);

}  // namespace tern::chaos
