#include "cluster/hedged_call.h"

#include <utility>

#include "cluster/reply_place.h"

namespace tern::cluster {

HedgedCall::~HedgedCall() = default;

CallRef HedgedCall::open_place(const SubchannelPtr& /*server*/) {
  return CallRef(new ReplyPlace(request_.method().result()));
}

// For when the attempt gets no answer. Before it is sent: then the call may be in other hands.
void HedgedCall::before_attempt(const Self& self, Clock::TimePoint now) noexcept {
  const HedgePolicy& policy = core_->options().hedge;
  if (attempts_.sent() >= policy.max_attempts) return;
  try {
    hedge_at_ = saturating_add(now, policy.after);
    alarm.set(core_->alarms(), self, hedge_at_);
  } catch (...) {
    // Out of memory for the alarm: it waits for the answer as if there were no hedges.
  }
}

void HedgedCall::on_attempt_alarm(const Self& self) {
  if (attempts_.sent() >= core_->options().hedge.max_attempts) return;
  const Clock::TimePoint now = core_->home().now();
  if (now < hedge_at_.load() || cancelled_ || expired(now)) return;
  Pick picked = choice_.pick(request_, attempts_, {}, now);
  if (!picked.server || picked.again) return;
  if (picked.server->connectivity != Connectivity::kReady) return;
  if (!core_->counters().spend(now)) return;
  Detours detours;
  Self mine = self;
  if (!send(mine, std::move(picked.server), true, now, detours)) return;
  go_on(self, nullptr, core_->home().now());
}

void HedgedCall::take_reply(const Attempt& attempt, CallState& reply, bool ok) {
  attempts_.cancel(&attempt);
  static_cast<ReplyPlace&>(reply).hand_over(*started_.call, ok);
}

}  // namespace tern::cluster
