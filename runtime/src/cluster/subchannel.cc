#include "cluster/subchannel.h"

#include <utility>

#include "cluster/server_set.h"

namespace tern::cluster {

std::string_view name_of(Connectivity connectivity) noexcept {
  switch (connectivity) {
    case Connectivity::kIdle:
      return "idle";
    case Connectivity::kConnecting:
    case Connectivity::kConnectingInBackground:
      return "connecting";
    case Connectivity::kReady:
      return "ready";
    case Connectivity::kTransientFailure:
      break;
  }
  return "unreachable";
}

Subchannel::Subchannel(std::weak_ptr<ServerSet> servers, Loop& home,
                       std::shared_ptr<ServerLoad> its_load,
                       std::shared_ptr<call::ClientChannel> its_client,
                       const OutlierPolicy& outliers)
    : load(std::move(its_load)),
      client(std::move(its_client)),
      address(load->endpoint().to_string()),
      outlier(outliers),
      servers_(std::move(servers)),
      home_(home) {}

void Subchannel::on_connected() {
  ++connections_;
  home_.post([self = shared_from_this(), weak = servers_] {
    if (auto servers = weak.lock()) servers->on_connected(self);
  });
}

void Subchannel::on_going_away() {
  gone_ = connections_.load();
  move_streams(gone_);
}

void Subchannel::move_streams(std::uint64_t connection) {
  movable.end(connection, Status(Code::kUnavailable, "the server goes away; the stream moves",
                                 HandlerRan::kUnknown));
}

void Subchannel::on_disconnected(const Status& why) {
  home_.post([self = shared_from_this(), weak = servers_, why] {
    if (auto servers = weak.lock()) servers->on_disconnected(self, why);
  });
}

void Subchannel::on_connect_failed(const Status& why, Clock::Duration) {
  home_.post([self = shared_from_this(), weak = servers_, why] {
    if (auto servers = weak.lock()) servers->on_connect_failed(self, why);
  });
}

void Subchannel::on_alarm(Alarm& alarm) {
  auto servers = servers_.lock();
  if (!servers) return;
  if (&alarm == &connect_wait) {
    servers->on_connect_wait_over(shared_from_this());
  } else {
    servers->outliers().on_alarm(shared_from_this());
  }
}

}  // namespace tern::cluster
