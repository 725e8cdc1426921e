#include "cluster/cluster_core.h"

#include <fmt/format.h>

#include <utility>

#include "base/random.h"
#include "cluster/channel_to_one.h"
#include "tern/codegen/call_state.h"
#include "tern/field.h"
#include "tern/loop_thread.h"

namespace tern::cluster {

namespace {

ClusterOptions with_shared_random(ClusterOptions options) {
  options.client.random = base::shared_random(std::move(options.client.random));
  return options;
}

}  // namespace

Core::Core(std::shared_ptr<Discovery> discovery, IoPool& pool, ClusterOptions options)
    : options_(with_shared_random(std::move(options))),
      may_hedge_(options_.hedge.after > std::chrono::nanoseconds::zero()),
      pool_(pool),
      home_(pool.next()),
      alarms_(std::make_shared<Alarms>(home_)),
      log_(home_.clock(), options_.client.log),
      counters_(options_),
      picker_(options_.balancer ? options_.balancer : round_robin(options_.client.random),
              options_.max_calls_per_server),
      queue_(home_, alarms_),
      servers_(std::move(discovery), pool, home_, options_, alarms_, picker_, queue_) {}

Core::~Core() = default;

void Core::begin() {
  // The core outlives the set that calls it.
  servers_.begin(std::shared_ptr<ServerSet>(shared_from_this(), &servers_),
                 [this](const SubchannelPtr& server) {
                   return std::make_shared<ChannelToOne>(shared_from_this(), server);
                 });
}

void Core::close() {
  const std::vector<SubchannelPtr> open = servers_.close();
  WaitQueue::GivenUp given_up = queue_.close();
  if (home_.in_this_thread() || home_.io().stopped()) {
    // A loop that has stopped runs on no thread: its work is done here.
    shut_down();
    WaitQueue::GivenUp ending(std::move(given_up));
  } else {
    CallRef done(new CallStateOf<Nothing>());
    home_.post([self = shared_from_this(), done, given_up = std::move(given_up)]() mutable {
      self->shut_down();
      { WaitQueue::GivenUp ending(std::move(given_up)); }
      done->complete(Status());
    });
    if (pool_.has_threads() && !on_loop_thread()) done->wait();
  }
  for (const SubchannelPtr& server : open) server->client->close();
}

void Core::shut_down() {
  alarms_->end();
  servers_.shut_down();
}

Wait Core::wait(std::shared_ptr<Waiter> waiter, const SubchannelPtr& server, bool only_there,
                bool patient, Clock::TimePoint until) {
  const std::uint64_t changes = queue_.changes();
  Wait outcome = servers_.prepare_to_wait(server, only_there, patient);
  if (outcome.kind != Wait::Kind::kWaiting) return outcome;
  return queue_.add(std::move(waiter), server, until, changes);
}

Wait Core::wait_for_list(std::shared_ptr<Waiter> waiter, bool patient, Clock::TimePoint until) {
  const std::uint64_t changes = queue_.changes();
  Wait outcome = servers_.prepare_to_wait_for_list(patient);
  if (outcome.kind != Wait::Kind::kWaiting) return outcome;
  return queue_.add(std::move(waiter), nullptr, until, changes);
}

ClusterStats Core::stats() const {
  ClusterStats stats;
  counters_.add_to(stats);
  stats.calls_waiting = queue_.size();
  servers_.add_to(stats);
  return stats;
}

void Core::log_exception(std::string_view thrower, std::string_view what) {
  log_.line(fmt::format("tern: {}: {} threw: {}", options_.name, thrower, what));
}

}  // namespace tern::cluster
