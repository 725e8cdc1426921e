// One server of a cluster as a channel.
#pragma once

#include <memory>
#include <utility>

#include "cluster/cluster_core.h"
#include "cluster/subchannel.h"
#include "tern/channel.h"

namespace tern::cluster {

// Its calls go there and nowhere else.
class ChannelToOne final : public Channel {
 public:
  ChannelToOne(std::shared_ptr<Core> core, SubchannelPtr server)
      : core_(std::move(core)), server_(std::move(server)) {}

  void start(const Method& method, const void* argument, const CallOptions& options,
             CallRef call) override;
  std::shared_ptr<StreamState> make_stream(const Method& method) override;

 private:
  const std::shared_ptr<Core> core_;
  const SubchannelPtr server_;
};

}  // namespace tern::cluster
