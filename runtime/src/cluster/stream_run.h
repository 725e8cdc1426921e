// What a cluster's call that opens a stream has beside others.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

#include "cluster/cluster_stream.h"
#include "stream/stream.h"
#include "tern/clock.h"
#include "tern/codegen/call_state.h"

namespace tern::cluster {

// Threads: as its call, if not marked otherwise.
struct StreamRun {
  StreamRun() = default;

  std::shared_ptr<ClusterStream> stream;  // the caller's; any thread
  bool resumes = false;                   // when it is lost
  bool moves = false;                     // when its server leaves
  bool watched = false;                   // by interceptors of the cluster
  Clock::Duration message_timeout{0};

  // Of the attempt that runs:
  std::uint64_t connection = 0;  // the number of its server's connection
  bool resumed = false;          // it has asked for what comes behind a position

  // The last attempt has ended, and the program has not taken all that came. Any thread.
  std::atomic<bool> awaits_reader = false;
};

// Where the reply of one attempt goes: to the caller's call, but with the attempt's own stream.
class StreamPlace final : public CallState {
 public:
  StreamPlace(CallRef call, std::shared_ptr<stream::Stream> stream)
      : CallState(call->reply_slot(), stream.get()),
        call_(std::move(call)),
        stream_(std::move(stream)) {}

  const std::shared_ptr<stream::Stream>& its_stream() const noexcept { return stream_; }
  // What came with the end.
  void hand_over(CallState& to) { to.reply_metadata() = std::move(reply_metadata()); }

 private:
  const CallRef call_;
  const std::shared_ptr<stream::Stream> stream_;
};

}  // namespace tern::cluster
