#include "cluster/cluster_node.h"

#include <utility>

#include "cluster/cluster_core.h"

namespace tern {

ClusterNode::ClusterNode(std::weak_ptr<ClusterCore> cluster, Loop& home,
                         std::shared_ptr<ServerLoad> server, std::shared_ptr<ClientCore> connection,
                         const OutlierPolicy& outliers)
    : load(std::move(server)),
      client(std::move(connection)),
      address(load->endpoint().to_string()),
      instance(load->instance()),
      outlier(outliers),
      cluster_(std::move(cluster)),
      home_(home) {}

void ClusterNode::on_connected() {
  home_.post([self = shared_from_this(), cluster = cluster_] {
    if (auto core = cluster.lock()) core->on_connected(self);
  });
}

void ClusterNode::on_disconnected(const Status& why) {
  home_.post([self = shared_from_this(), cluster = cluster_, why] {
    if (auto core = cluster.lock()) core->on_disconnected(self, why);
  });
}

void ClusterNode::on_connect_failed(const Status& why, Clock::Duration) {
  home_.post([self = shared_from_this(), cluster = cluster_, why] {
    if (auto core = cluster.lock()) core->on_connect_failed(self, why);
  });
}

void ClusterNode::on_alarm(Alarm& alarm) {
  auto core = cluster_.lock();
  if (!core) return;
  if (&alarm == &patience) {
    core->on_patience_over(shared_from_this());
  } else {
    core->on_time_out_over(shared_from_this());
  }
}

}  // namespace tern
