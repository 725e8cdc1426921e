#include "cluster/start_call.h"

#include <exception>
#include <utility>

#include "call/failure_text.h"
#include "cluster/cluster_call.h"
#include "cluster/cluster_request.h"
#include "cluster/cluster_stream.h"
#include "cluster/hedged_call.h"
#include "cluster/stream_call.h"

namespace tern::cluster {
namespace {

// Null if `stream` is not a cluster's.
std::shared_ptr<ClusterCall> make_stream_call(const std::shared_ptr<Core>& core,
                                              const Method& method, const void* argument,
                                              const CallOptions& options, StreamState* stream,
                                              const SubchannelPtr& only_there) {
  auto* its_stream = dynamic_cast<ClusterStream*>(stream);
  if (!its_stream) return nullptr;
  auto call = std::make_shared<StreamCall>(core, method, argument, options, only_there,
                                           its_stream->shared_from_this());
  call->prepare(call);
  return call;
}

std::shared_ptr<ClusterCall> make_hedged_call(const std::shared_ptr<Core>& core,
                                              const Method& method, const void* argument,
                                              const CallOptions& options) {
  auto call = std::make_shared<HedgedCall>(core, method, argument, options);
  call->prepare(call);
  return call;
}

Status not_our_stream(const Core& core, const Method& method) {
  return Status(
      Code::kFailedPrecondition,
      call::failure_text(method, core.options().name,
                         "the stream of the call was not made by make_stream() of this cluster"),
      HandlerRan::kNo);
}

}  // namespace

void start_call(const std::shared_ptr<Core>& core, const Method& method, const void* argument,
                const CallOptions& options, CallRef&& call, const SubchannelPtr& only_there) {
  std::shared_ptr<ClusterCall> made;
  Status failure;
  try {
    if (StreamState* stream = call->stream()) {
      made = make_stream_call(core, method, argument, options, stream, only_there);
      if (!made) failure = not_our_stream(*core, method);
    } else if (HedgedCall::is_one(*core, method, only_there)) {
      made = make_hedged_call(core, method, argument, options);
    } else {
      made = std::make_shared<ClusterCall>(core, method, argument, options, only_there);
    }
  } catch (const std::exception&) {
    failure = not_called(method);
  }
  if (!failure.ok()) return call->complete(std::move(failure));
  ClusterCall& starting = *made;
  starting.start(std::move(made), std::move(call), options);
}

}  // namespace tern::cluster
