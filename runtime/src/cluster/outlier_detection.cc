#include "cluster/outlier_detection.h"

#include <utility>

#include "cluster/server_set.h"

namespace tern::cluster {

OutlierDetection::OutlierDetection(ServerSet& servers, WaitQueue& queue, Loop& home,
                                   std::shared_ptr<Alarms> alarms, const OutlierPolicy& policy)
    : servers_(servers), queue_(queue), home_(home), alarms_(std::move(alarms)), policy_(policy) {}

void OutlierDetection::on_failing(const SubchannelPtr& server) {
  if (server->outlier.ejected() || !servers_.may_eject(*server)) return;
  ejections_.fetch_add(1, std::memory_order_relaxed);
  const Clock::Duration out = server->outlier.eject(home_.now());
  set_alarm(*server, out);
  servers_.on_ejection_changed();
}

// It is time for the check, or the check has taken too long.
void OutlierDetection::on_alarm(const SubchannelPtr& server) {
  if (server->check != 0) {
    on_checked(server, server->check,
               Status(Code::kDeadlineExceeded, "no answer", HandlerRan::kNo));
    return;
  }
  if (!servers_.has(*server)) return;
  server->check = ++server->checks;
  set_alarm(*server, policy_.check_timeout);
  begin_check(server);
}

void OutlierDetection::on_connected(const SubchannelPtr& server) {
  if (server->check != 0) begin_check(server);
}

void OutlierDetection::begin_check(const SubchannelPtr& server) {
  if (policy_.check) {
    run_users_check(server);
  } else if (server->connectivity == Connectivity::kReady) {
    ping(server);
  } else {
    // on_connected() comes back here.
    server->client->connect_soon();
  }
}

void OutlierDetection::ping(const SubchannelPtr& server) {
  Loop& loop = server->client->loop();
  loop.post([weak = servers_.weak(), &home = home_, server, check = server->check] {
    server->client->ping([weak, &home, server, check](Status outcome) {
      home.post([weak, server, check, outcome = std::move(outcome)] {
        if (auto servers = weak.lock()) servers->outliers().on_checked(server, check, outcome);
      });
    });
  });
}

// The channel lives until the check is answered.
void OutlierDetection::run_users_check(const SubchannelPtr& server) {
  std::function<void(Status)> done = [weak = servers_.weak(), &home = home_, server,
                                      check = server->check](Status outcome) {
    home.post([weak, server, check, outcome = std::move(outcome)] {
      if (auto servers = weak.lock()) servers->outliers().on_checked(server, check, outcome);
    });
  };
  const std::shared_ptr<Channel> channel = channel_to_(server);
  try {
    policy_.check(*channel, [channel, done](Status outcome) { done(std::move(outcome)); });
  } catch (...) {
    // On the loop's thread it must not be thrown on; the server may not be healthy.
    done(Status(Code::kInternal, "the check threw", HandlerRan::kUnknown));
  }
}

void OutlierDetection::on_checked(const SubchannelPtr& server, std::uint64_t check,
                                  const Status& outcome) {
  if (server->check != check) return;
  server->check = 0;
  if (!servers_.has(*server)) return;
  if (outcome.ok()) {
    server->outlier.come_back(home_.now());
    servers_.on_ejection_changed();
    server->ejection.clear();
  } else {
    const Clock::Duration out = server->outlier.stay_out(home_.now());
    servers_.on_ejection_changed();
    set_alarm(*server, out);
  }
  queue_.resume(server.get(), nullptr);
}

void OutlierDetection::set_alarm(Subchannel& server, Clock::Duration wait) {
  server.ejection.set(alarms_, server.weak_from_this(), saturating_add(home_.now(), wait));
}

}  // namespace tern::cluster
