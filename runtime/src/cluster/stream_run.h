// What a cluster's call that opens a stream has beside others.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "call/interception.h"
#include "cluster/cluster_request.h"
#include "cluster/cluster_stream.h"
#include "cluster/subchannel.h"
#include "tern/call_options.h"
#include "tern/clock.h"
#include "tern/cluster.h"
#include "tern/codegen/call_state.h"
#include "tern/codegen/method.h"
#include "tern/status.h"

namespace tern::cluster {

// The caller's stream, and those of the attempts, one after the other. What follows an attempt is
// for the call to decide. Threads: as its call, if not marked otherwise.
class StreamRun {
 public:
  // `rules` and `method` outlive this. `one_server`: no other one can go on with the stream.
  StreamRun(std::shared_ptr<ClusterStream> stream, const Method& method, const CallOptions& options,
            const ClusterOptions& rules, bool one_server);
  StreamRun(const StreamRun&) = delete;
  StreamRun& operator=(const StreamRun&) = delete;
  ~StreamRun();

  // The caller's. Any thread.
  ClusterStream& stream() const noexcept { return *stream_; }
  // Whether it is opened again when it is lost.
  bool resumes() const noexcept { return resumes_; }

  // --- An attempt ---

  // Where the reply of the attempt goes that is about to be sent to `server`, with a stream of its
  // own. If the stream is resumed, `request` asks for what comes behind the last message. `around`
  // sees the messages of all attempts, if it sees any; or null.
  CallRef open(const CallRef& caller, Request& request, const SubchannelPtr& server,
               const std::shared_ptr<call::Interception>& around);

  // How it has ended.
  struct End {
    Status outcome;
    bool drained = false;  // because its server goes away
    bool refused = false;  // by an interceptor of the cluster, which ends the whole
    // What it says of the server: one that goes away has not failed, nor has one whose message is
    // refused.
    Status of_server() const {
      return drained || refused ? outcome.with_handler_ran(HandlerRan::kNo) : outcome;
    }
  };
  // `reply` is what open() has given, and hands what came with the end over to `caller`.
  End end(CallState& reply, CallState& caller, Subchannel& server, Status&& outcome) noexcept;
  // Whether the attempt is worth to be followed by as many as if it were the first: it brought
  // something, or lasted for `lived`, which is long.
  bool has_lived(bool drained, Clock::Duration lived) const;
  // The outcome of a stream of which the server, asked for what comes behind a position, has none:
  // else `why` itself.
  Status final_outcome(Status&& why) const noexcept;

  // --- Between two attempts. Any thread ---

  // The last one has ended, and the program has not taken all that came.
  void await_reader() noexcept { awaits_reader_ = true; }
  bool awaits_reader() const noexcept { return awaits_reader_; }
  void stop_awaiting() noexcept { awaits_reader_ = false; }

 private:
  const std::shared_ptr<ClusterStream> stream_;
  const Method& method_;
  const ClusterOptions& rules_;
  const bool resumes_;  // when it is lost
  const bool moves_;    // when its server leaves
  const Clock::Duration message_timeout_;
  std::shared_ptr<call::Interception> watched_by_;  // or null

  // Of the attempt that runs:
  std::uint64_t connection_ = 0;  // the number of its server's connection
  bool resumed_ = false;          // it has asked for what comes behind a position
  MovableStreams::Member moving_;

  std::atomic<bool> awaits_reader_ = false;
};

}  // namespace tern::cluster
