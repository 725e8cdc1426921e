// Subchannels without connections, for tests of those who look at their state alone.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "cluster/listed_servers.h"
#include "cluster/subchannel.h"
#include "support/test_loop.h"

namespace tern::test {

// Lists them at "tcp@NAME:1".
class Subchannels {
 public:
  // Ready, of weight 1.
  cluster::Subchannel& add(const std::string& name,
                           cluster::Connectivity connectivity = cluster::Connectivity::kReady) {
    Instance instance;
    instance.endpoint.host = name;
    instance.endpoint.port = 1;
    auto made = std::make_shared<cluster::Subchannel>(
        std::weak_ptr<cluster::ServerSet>(), loop_.loop(),
        std::make_shared<ServerLoad>(++last_id_, instance), nullptr, policy_);
    made->connectivity = connectivity;
    cluster::ListedServer server;
    server.subchannel = made;
    listed[made->address] = server;
    return *made;
  }
  cluster::ListedServer& operator[](const std::string& name) {
    return listed.at("tcp@" + name + ":1");
  }

  cluster::ListedServers listed;

 private:
  TestLoop loop_;
  const OutlierPolicy policy_;
  std::uint64_t last_id_ = 0;
};

// "abc" for those of a, b and c.
inline std::string names(const std::vector<cluster::SubchannelPtr>& servers) {
  std::string names;
  for (const cluster::SubchannelPtr& server : servers) names += server->load->endpoint().host;
  return names;
}

}  // namespace tern::test
