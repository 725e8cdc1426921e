#include "cluster/channel_to_one.h"

#include <utility>

#include "cluster/cluster_stream.h"
#include "cluster/start_call.h"

namespace tern::cluster {

void ChannelToOne::start(const Method& method, const void* argument, const CallOptions& options,
                         CallRef call) {
  start_call(core_, method, argument, options, std::move(call), server_);
}

std::shared_ptr<StreamState> ChannelToOne::make_stream(const Method& method) {
  return std::make_shared<ClusterStream>(core_->home(), method);
}

}  // namespace tern::cluster
