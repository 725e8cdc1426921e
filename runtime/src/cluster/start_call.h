// How a cluster's calls begin.
#pragma once

#include <memory>

#include "cluster/cluster_core.h"
#include "cluster/subchannel.h"
#include "tern/call_options.h"
#include "tern/codegen/call_state.h"
#include "tern/codegen/method.h"

namespace tern::cluster {

// As Channel::start(). `only_there`: a call to one server, or null.
void start_call(const std::shared_ptr<Core>& core, const Method& method, const void* argument,
                const CallOptions& options, CallRef&& call, const SubchannelPtr& only_there);

}  // namespace tern::cluster
