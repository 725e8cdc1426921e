// A cluster's call that opens a stream.
#pragma once

#include <cstdint>
#include <memory>

#include "cluster/cluster_call.h"
#include "cluster/cluster_stream.h"
#include "cluster/stream_run.h"

namespace tern::cluster {

// Its attempts have streams of their own, one after the other, and one that is lost is followed by
// another if the stream can be resumed. What came of it is read first: meanwhile the call is in the
// queue.
class StreamCall final : public ClusterCall {
 public:
  // `stream`: the caller's.
  StreamCall(const std::shared_ptr<Core>& core, const Method& method, const void* argument,
             const CallOptions& options, const SubchannelPtr& only_there,
             std::shared_ptr<ClusterStream> stream);
  StreamCall(const StreamCall&) = delete;
  StreamCall& operator=(const StreamCall&) = delete;
  ~StreamCall() override;

  // Once, before start(). `self`: this.
  void prepare(const std::shared_ptr<StreamCall>& self);

  // The program has taken all that came of an attempt that has ended. Any thread.
  void on_drained() noexcept;

 private:
  // What follows an attempt's end.
  enum class Next : std::uint8_t {
    kNothing,     // the call has ended, or is in other hands
    kChoose,      // another attempt
    kAwaitReader  // the same, when the program has taken what has come
  };

  CallRef open_place(const SubchannelPtr& server) override;
  void leave_place() override;
  bool end_attempt(const Self& self, Attempt& attempt, CallRef&& reply, Status&& outcome, bool sent,
                   Detours& detours) override;
  void cancel_attempts() override;
  void run_on_loop() override;
  Status final_outcome(Status&& outcome) override;

  Next after(Attempt& attempt, StreamRun::End&& end, bool sent, Detours& detours);
  bool may_resume(const StreamRun::End& end, Attempt& attempt);
  void await_reader(const Self& self) noexcept;
  void go_on_when_drained(const Self& self) noexcept;

  StreamRun run_;
};

}  // namespace tern::cluster
