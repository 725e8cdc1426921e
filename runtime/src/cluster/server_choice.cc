#include "cluster/server_choice.h"

#include "base/backoff.h"
#include "cluster/retry_rules.h"
#include "cluster/server_set.h"

namespace tern::cluster {

bool Detours::add(const Attempt& attempt, const Status& failure) {
  if (!may_go_elsewhere(failure)) return false;
  avoid_.push_back(attempt.server->load->id());
  if (failure.code() == Code::kResourceExhausted) full_ = failure;
  return true;
}

Pick ServerChoice::pick(const Request& request, const Attempts& attempts,
                        const std::vector<std::uint64_t>& avoid, Clock::TimePoint now) const {
  if (only_there_) {
    Pick pick;
    pick.server = only_there_;
    pick.again = !avoid.empty();
    if (!only_there_->listed) pick.failure = ServerSet::not_listed(*only_there_);
    return pick;
  }
  if (attempts.none()) return picker_.pick(request.pick(now, !avoid.empty()), avoid);
  std::vector<std::uint64_t> tried = avoid;
  attempts.add_servers(pauses_, tried);
  return picker_.pick(request.pick(now, !tried.empty()), tried);
}

Clock::Duration ServerChoice::pause(const ClusterOptions& options) {
  const std::uint32_t pauses = ++pauses_;
  base::BackoffSchedule schedule(options.retry.backoff, options.client.random);
  Clock::Duration time{};
  for (std::uint32_t i = 0; i < pauses; ++i) time = schedule.next();
  return time;
}

}  // namespace tern::cluster
