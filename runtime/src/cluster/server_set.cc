#include "cluster/server_set.h"

#include <fmt/format.h>

#include <limits>
#include <new>
#include <string>
#include <utility>

namespace tern::cluster {

ServerSet::ServerSet(std::shared_ptr<Discovery> discovery, IoPool& pool, Loop& home,
                     const ClusterOptions& options, std::shared_ptr<Alarms> alarms, Picker& picker,
                     WaitQueue& queue)
    : options_(options),
      discovery_(std::move(discovery)),
      pool_(pool),
      home_(home),
      alarms_(std::move(alarms)),
      picker_(picker),
      queue_(queue),
      outliers_(*this, queue, home, alarms_, options.outliers) {}

void ServerSet::begin(const std::shared_ptr<ServerSet>& self,
                      OutlierDetection::ChannelTo channel_to) {
  self_ = self;
  outliers_.begin(std::move(channel_to));
  outage_alarm_.prepare(alarms_);
  auto watch = discovery_->watch([weak = self_](const ServerView& view) {
    if (auto servers = weak.lock()) servers->note_servers(view);
  });
  std::lock_guard lock(mutex_);
  watch_ = std::move(watch);
}

std::vector<SubchannelPtr> ServerSet::close() {
  std::vector<SubchannelPtr> open;
  std::unique_ptr<Discovery::Watch> watch;
  {
    std::lock_guard lock(mutex_);
    for (auto& [address, server] : servers_) open.push_back(server.subchannel);
    open.insert(open.end(), leaving_.list().begin(), leaving_.list().end());
    closed_ = true;
    picker_.close();
    watch = std::move(watch_);
  }
  return open;
}

void ServerSet::shut_down() {
  std::lock_guard lock(mutex_);
  leaving_.release_all();
  for (auto& [address, server] : servers_) {
    leaving_.count(*server.subchannel);
    server.subchannel->check = 0;
  }
  servers_.clear();
}

std::vector<SubchannelPtr> ServerSet::listed() const {
  std::lock_guard lock(mutex_);
  std::vector<SubchannelPtr> all;
  for (const auto& [address, server] : servers_) all.push_back(server.subchannel);
  return all;
}

void ServerSet::add_to(ClusterStats& stats) const {
  stats.ejections = outliers_.ejections();
  std::lock_guard lock(mutex_);
  stats.attempts += leaving_.calls_sent();
  for (const auto& [address, listed] : servers_) {
    const Subchannel& server = *listed.subchannel;
    ClusterServerStats& its = stats.servers.emplace_back();
    its.address = address;
    its.zone = listed.zone;
    its.weight = server.load->weight();
    its.state = server.outlier.ejected() ? "ejected" : name_of(server.connectivity);
    its.calls = server.calls_sent();
    stats.attempts += its.calls;
    its.failures = server.outlier.failures();
    its.pending = server.load->pending();
    its.latency = server.load->peak_ewma(home_.now());
  }
}

// --- For calls ---

Wait ServerSet::prepare_to_wait(const SubchannelPtr& server, bool only_there, bool patient) {
  {
    std::lock_guard lock(mutex_);
    if (closed_) return Wait(WaitQueue::closed());
    if (!server) {
      if (!picker_.empty()) return Wait(Wait::Kind::kNow);
      if (patient || something_may_come() || just_lost()) return Wait();
      return Wait(why_none(servers_, known_, discovery_status_));
    }
    const Connectivity now = server->connectivity;
    if (now == Connectivity::kReady || (!only_there && !picker_.has(server))) {
      return Wait(Wait::Kind::kNow);
    }
    if (only_there) {
      const ListedServer* entry = entry_of(*server);
      if (!entry) return Wait(not_listed(*server));
      if (!patient && now == Connectivity::kTransientFailure) {
        return Wait(
            Status(Code::kUnavailable, std::string(entry->last_failure.message()), HandlerRan::kNo)
                .with_cause(entry->last_failure.cause()));
      }
    }
    if (now != Connectivity::kIdle) return Wait();
    server->connectivity =
        only_there ? Connectivity::kConnectingInBackground : Connectivity::kConnecting;
    // There may be no room for one more connection now.
    if (options_.max_connections > 0) update_picker();
  }
  server->want_connection();
  return Wait();
}

Wait ServerSet::prepare_to_wait_for_list(bool patient) {
  std::lock_guard lock(mutex_);
  if (closed_) return Wait(WaitQueue::closed());
  if (!servers_.empty()) return Wait(Wait::Kind::kNow);
  if (patient || (!known_ && discovery_status_.ok())) return Wait();
  return Wait(why_none(servers_, known_, discovery_status_));
}

Status ServerSet::not_listed(const Subchannel& server) {
  return Status(Code::kUnavailable, fmt::format("{} is not listed any more", server.address),
                HandlerRan::kNo);
}

// What the end of an attempt says of its server.
void ServerSet::look_at(const SubchannelPtr& server, const Status& outcome) noexcept {
  const bool failed = !outcome.ok() && counts_against_server(outcome);
  if (server->outlier.observe(failed)) server->note_failing();
  if (!server->listed.load(std::memory_order_relaxed) && server->load->pending() == 0) {
    server->note_unused();
  }
}

bool ServerSet::something_may_come() const noexcept {
  return (!known_ && discovery_status_.ok()) || some_connect(servers_);
}

bool ServerSet::just_lost() const noexcept {
  return some_wanted(servers_) && outage_.is_younger(options_.outage_wait, home_.now());
}

// --- Discovery ---

void ServerSet::note_servers(const ServerView& view) noexcept {
  {
    std::lock_guard lock(mutex_);
    news_ = view;
  }
  post();
}

void ServerSet::post() noexcept {
  // Null: nobody is left whom it matters to.
  if (auto self = self_.lock()) home_.post(std::shared_ptr<net::LoopTask>(std::move(self), this));
}

void ServerSet::run_on_loop() {
  std::optional<ServerView> view;
  {
    std::lock_guard lock(mutex_);
    if (closed_) return;
    view.swap(news_);
    if (!view && picker_stale_ == Stale::kNo) return;
    if (!view) update_picker(picker_stale_ == Stale::kWeights);
  }
  if (!view) return queue_.resume(nullptr, nullptr);
  try {
    on_servers(*view);
  } catch (const std::bad_alloc&) {
    {
      std::lock_guard lock(mutex_);
      if (!news_) news_ = std::move(view);
    }
    post();
  }
}

void ServerSet::on_servers(const ServerView& view) {
  std::vector<SubchannelPtr> gone;
  {
    std::lock_guard lock(mutex_);
    if (closed_) return;
    bool reweighted = false;
    discovery_status_ = view.status;
    if (view.known()) gone = take_over(view, reweighted);
    update_picker(reweighted);
    // Behind that: a call that finds that its server has left chooses from the others.
    for (SubchannelPtr& server : gone) server->listed = false;
  }
  for (SubchannelPtr& server : gone) {
    server->connect_wait.clear();
    server->ejection.clear();
    server->move_streams(std::numeric_limits<std::uint64_t>::max());
    if (server->load->pending() == 0) server->note_unused();
  }
  queue_.resume(nullptr, nullptr);
}

// Returns those that have left.
std::vector<SubchannelPtr> ServerSet::take_over(const ServerView& view, bool& reweighted) {
  ListedServers servers;
  for (const Instance& instance : *view.servers) {
    std::string address = instance.endpoint.to_string();
    auto there = servers_.find(address);
    ListedServer server;
    if (there == servers_.end()) {
      server.subchannel = make_subchannel(instance);
    } else {
      server = there->second;
    }
    server.zone = instance.zone;
    server.weight = instance.weight;
    servers.emplace(std::move(address), std::move(server));
  }
  std::vector<SubchannelPtr> gone;
  for (auto& [address, server] : servers_) {
    if (!servers.contains(address)) gone.push_back(server.subchannel);
  }
  leaving_.add(gone);
  // From here on nothing throws.
  known_ = true;
  servers_.swap(servers);
  for (auto& [address, server] : servers_) {
    ServerLoad& load = *server.subchannel->load;
    reweighted = reweighted || load.weight() != server.weight;
    load.set_weight(server.weight);
  }
  return gone;
}

SubchannelPtr ServerSet::make_subchannel(const Instance& instance) {
  auto load = std::make_shared<ServerLoad>(next_id_++, instance);
  auto client = std::make_shared<call::ClientChannel>(Result<Endpoint>(instance.endpoint),
                                                      instance.endpoint.to_string(), pool_.next(),
                                                      pool_.has_threads(), options_.client);
  auto made = std::make_shared<Subchannel>(self_, home_, std::move(load), std::move(client),
                                           options_.outliers);
  made->prepare(alarms_);
  made->client->set_listener(made);
  return made;
}

ListedServer* ServerSet::entry_of(const Subchannel& server) {
  auto there = servers_.find(server.address);
  const bool same = there != servers_.end() && there->second.subchannel.get() == &server;
  return same ? &there->second : nullptr;
}

// No call can come to it meanwhile: one that is not counted as pending here looks later, and sees
// that it is not listed.
void ServerSet::release(const SubchannelPtr& server) {
  {
    std::lock_guard lock(mutex_);
    if (!leaving_.may_release(server)) return;
  }
  server->client->close();
  std::lock_guard lock(mutex_);
  leaving_.release(server);
}

// --- Connections ---

void ServerSet::begin_connect(const SubchannelPtr& server) {
  {
    std::lock_guard lock(mutex_);
    if (closed_ || !server->listed) return;
    if (server->connectivity == Connectivity::kConnecting) {
      set_alarm(server->connect_wait, server->weak_from_this(), options_.connect_wait);
    }
  }
  server->client->connect_soon();
}

void ServerSet::on_connected(const SubchannelPtr& server) {
  {
    std::lock_guard lock(mutex_);
    if (closed_) return;
    server->connectivity = Connectivity::kReady;
    outage_.note_reached();
    if (ListedServer* entry = entry_of(*server)) entry->last_failure = Status();
    update_picker();
  }
  server->connect_wait.clear();
  queue_.resume(server.get(), server);
  outliers_.on_connected(server);
}

// Under load it is connected again in the background: nothing says that it is still there. A
// connection that nobody used waits for the next call.
void ServerSet::on_disconnected(const SubchannelPtr& server, const Status& why) {
  const bool again = server->load->pending() > 0;
  {
    std::lock_guard lock(mutex_);
    if (closed_) return;
    server->connectivity = again ? Connectivity::kConnectingInBackground : Connectivity::kIdle;
    if (ListedServer* entry = entry_of(*server)) entry->last_failure = why;
    update_picker();
  }
  if (again && server->listed) server->client->connect_soon();
}

void ServerSet::on_connect_failed(const SubchannelPtr& server, const Status& why) {
  {
    std::lock_guard lock(mutex_);
    if (closed_) return;
    server->connectivity = Connectivity::kTransientFailure;
    if (ListedServer* entry = entry_of(*server)) entry->last_failure = why;
    update_picker();
  }
  server->connect_wait.clear();
  queue_.resume(server.get(), nullptr);
  discovery_->refresh();
}

void ServerSet::on_connect_wait_over(const SubchannelPtr& server) noexcept {
  {
    std::lock_guard lock(mutex_);
    if (closed_ || server->connectivity != Connectivity::kConnecting) return;
    server->connectivity = Connectivity::kConnectingInBackground;
    update_picker();
  }
  queue_.resume(server.get(), nullptr);
}

// Who has waited for a server to return fails now, if none has.
void ServerSet::on_alarm(Alarm& /*outage*/) {
  queue_.resume(nullptr, nullptr);
}

// --- Ejections ---

bool ServerSet::has(const Subchannel& server) const {
  std::lock_guard lock(mutex_);
  return !closed_ && server.listed;
}

bool ServerSet::may_eject(const Subchannel& server) const {
  std::lock_guard lock(mutex_);
  return !closed_ && server.listed && room_for_an_ejection(servers_, options_.outliers);
}

void ServerSet::on_ejection_changed() noexcept {
  std::lock_guard lock(mutex_);
  if (!closed_) update_picker();
}

// --- What calls choose from ---

void ServerSet::update_picker(bool reweighted) noexcept {
  try {
    std::vector<SubchannelPtr> servers = eligible(servers_, options_);
    const bool any = !servers.empty();
    const bool changed = picker_.replace(std::move(servers), reweighted);
    picker_stale_ = Stale::kNo;
    if (!changed) return;
    if (outage_.update(any, home_.now())) set_alarm(outage_alarm_, self_, options_.outage_wait);
  } catch (const std::bad_alloc&) {
    const bool weights = reweighted || picker_stale_ == Stale::kWeights;
    picker_stale_ = weights ? Stale::kWeights : Stale::kServers;
    post();
  }
}

// `who`: by its own pointer. Calls have theirs to a subchannel as long as they have the set that
// they have chosen from.
void ServerSet::set_alarm(Alarm& alarm, std::weak_ptr<Alarmed> who, Clock::Duration wait) {
  alarm.set(alarms_, std::move(who), saturating_add(home_.now(), wait));
}

}  // namespace tern::cluster
