// A call that asks one more server when the answer is late.
#pragma once

#include <atomic>
#include <memory>

#include "cluster/cluster_call.h"

namespace tern::cluster {

// Several of its attempts may run, and the first answer ends it. Each has a place of its own for
// its reply.
class HedgedCall final : public ClusterCall {
 public:
  // Whether the call is one: its method may run twice, on any two servers.
  static bool is_one(const Core& core, const Method& method, const SubchannelPtr& only_there) {
    return core.hedges() && method.idempotent && !only_there && method.kind == MethodKind::kUnary;
  }

  HedgedCall(const std::shared_ptr<Core>& core, const Method& method, const void* argument,
             const CallOptions& options)
      : ClusterCall(core, method, argument, options, nullptr, Kind::kHedged) {}
  HedgedCall(const HedgedCall&) = delete;
  HedgedCall& operator=(const HedgedCall&) = delete;
  ~HedgedCall() override;

  // Once, before start(). `self`: this.
  void prepare(const Self& self) { prepare_to_wait(self); }

 private:
  CallRef open_place(const SubchannelPtr& server) override;
  void before_attempt(const Self& self, Clock::TimePoint now) noexcept override;
  void on_attempt_alarm(const Self& self) override;
  void take_reply(const Attempt& attempt, CallState& reply, bool ok) override;

  std::atomic<Clock::TimePoint> hedge_at_ = Clock::TimePoint::max();
};

}  // namespace tern::cluster
