#include "cluster/subchannel.h"

#include <new>
#include <utility>

#include "base/no_destructor.h"
#include "cluster/server_set.h"

namespace tern::cluster {

namespace {

// Made before it is needed: what ends streams has no memory to ask for.
const base::NoDestructor<Status> kMoves(Code::kUnavailable,
                                        "the server goes away; the stream moves",
                                        HandlerRan::kUnknown);

}  // namespace

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

void Subchannel::prepare(const std::shared_ptr<Alarms>& alarms) {
  connect_wait.prepare(alarms);
  ejection.prepare(alarms);
}

// --- News ---

template <typename Note>
void Subchannel::note(Note what) noexcept {
  {
    std::lock_guard lock(mutex_);
    what(news_);
  }
  home_.post(std::shared_ptr<net::LoopTask>(shared_from_this(), this));
}

void Subchannel::on_connected() {
  ++connections_;
  note([](News& news) {
    news.connected = true;
    news.disconnected.reset();
    news.connect_failed.reset();
  });
}

void Subchannel::on_going_away() {
  gone_ = connections_.load();
  move_streams(gone_);
}

void Subchannel::move_streams(std::uint64_t connection) noexcept {
  movable.end(connection, *kMoves);
}

void Subchannel::on_disconnected(const Status& why) {
  note([&why](News& news) { news.disconnected = why; });
}

void Subchannel::on_connect_failed(const Status& why, Clock::Duration) {
  note([&why](News& news) { news.connect_failed = why; });
}

void Subchannel::want_connection() noexcept {
  note([](News& news) { news.wanted = true; });
}

void Subchannel::note_failing() noexcept {
  note([](News& news) { news.failing = true; });
}

void Subchannel::note_unused() noexcept {
  note([](News& news) { news.unused = true; });
}

void Subchannel::run_on_loop() {
  const std::shared_ptr<ServerSet> servers = servers_.lock();
  if (!servers) return;
  News news;
  {
    std::lock_guard lock(mutex_);
    std::swap(news, news_);
  }
  try {
    tell(*servers, news);
  } catch (const std::bad_alloc&) {
    put_back(std::move(news));
  }
}

// What was heard is no news any more.
void Subchannel::tell(ServerSet& servers, News& news) {
  const SubchannelPtr self = shared_from_this();
  if (news.wanted) servers.begin_connect(self);
  news.wanted = false;
  if (news.connected) servers.on_connected(self);
  news.connected = false;
  if (news.disconnected) servers.on_disconnected(self, *news.disconnected);
  news.disconnected.reset();
  if (news.connect_failed) servers.on_connect_failed(self, *news.connect_failed);
  news.connect_failed.reset();
  if (news.failing) servers.outliers().on_failing(self);
  news.failing = false;
  if (news.unused) servers.release(self);
  news.unused = false;
}

// Behind it has come what it has now.
void Subchannel::put_back(News&& before) noexcept {
  note([&before](News& news) {
    if (!news.connected) {
      if (!news.disconnected) news.disconnected = std::move(before.disconnected);
      if (!news.connect_failed) news.connect_failed = std::move(before.connect_failed);
    }
    news.connected |= before.connected;
    news.wanted |= before.wanted;
    news.failing |= before.failing;
    news.unused |= before.unused;
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
