// How a cluster's servers come and go. All of it on the home loop.
#include <algorithm>
#include <utility>

#include "cluster/cluster_core.h"
#include "cluster/zone_preference.h"

namespace tern {

// --- Discovery ---

void ClusterCore::on_servers(const ServerView& view) {
  std::vector<NodePtr> gone;
  Waiters waiters;
  {
    std::lock_guard lock(mutex_);
    if (closed_) return;
    bool reweighted = false;
    discovery_status_ = view.status;
    if (view.known()) {
      known_ = true;
      std::map<std::string, NodePtr, std::less<>> nodes;
      for (const Instance& instance : *view.servers) {
        std::string address = instance.endpoint.to_string();
        auto there = nodes_.find(address);
        NodePtr node = there == nodes_.end() ? make_node(instance) : there->second;
        node->instance = instance;
        reweighted = reweighted || node->load->weight() != instance.weight;
        node->load->set_weight(instance.weight);
        nodes.emplace(std::move(address), std::move(node));
      }
      for (auto& [address, node] : nodes_) {
        if (!nodes.contains(address)) gone.push_back(node);
      }
      nodes_ = std::move(nodes);
      leaving_.insert(leaving_.end(), gone.begin(), gone.end());
    }
    rebuild(reweighted);
    // Behind that: a call that finds that its server has left chooses from the others.
    for (NodePtr& node : gone) node->listed = false;
    waiters = take_waiters(nullptr);
  }
  for (NodePtr& node : gone) {
    node->patience.clear();
    node->time_out.clear();
    if (node->load->pending() == 0) release(node);
  }
  resume(waiters, nullptr);
}

NodePtr ClusterCore::make_node(const Instance& instance) {
  auto load = std::make_shared<ServerLoad>(next_node_++, instance);
  ClientOptions options = options_.client;
  auto client = std::make_shared<ClientCore>(Result<Endpoint>(instance.endpoint),
                                             instance.endpoint.to_string(), pool_.next(),
                                             pool_.has_threads(), std::move(options));
  auto node = std::make_shared<ClusterNode>(weak_from_this(), home_, std::move(load),
                                            std::move(client), options_.outliers);
  node->client->set_listener(node);
  return node;
}

// Closes the connection of a server that has left, when its last call has ended. No call can come
// to it meanwhile: one that is not counted as pending here looks later, and sees that it is not
// listed.
void ClusterCore::release(const NodePtr& node) {
  {
    std::lock_guard lock(mutex_);
    auto place = std::find(leaving_.begin(), leaving_.end(), node);
    if (place == leaving_.end() || node->load->pending() > 0) return;
    leaving_.erase(place);
    calls_of_gone_ += node->calls_sent();
  }
  node->client->close();
}

// --- Connections ---

void ClusterCore::begin_connect(const NodePtr& node) {
  {
    std::lock_guard lock(mutex_);
    if (closed_ || !node->listed) return;
    if (node->reach == Reach::kConnecting) {
      set_alarm(node->patience, node->weak_from_this(), options_.connect_wait);
    }
  }
  node->client->connect_soon();
}

void ClusterCore::on_connected(const NodePtr& node) {
  Waiters waiters;
  {
    std::lock_guard lock(mutex_);
    if (closed_) return;
    set_reach(*node, Reach::kReady);
    reached_ = true;
    node->last_failure = Status();
    rebuild();
    waiters = take_waiters(node.get());
  }
  node->patience.clear();
  resume(waiters, node);
  if (node->check != 0) begin_check(node);
}

// Under load it is connected again in the background: nothing says that it is still there. A
// connection that nobody used waits for the next call.
void ClusterCore::on_disconnected(const NodePtr& node, const Status& why) {
  bool again = node->load->pending() > 0;
  {
    std::lock_guard lock(mutex_);
    if (closed_) return;
    set_reach(*node, again ? Reach::kReturning : Reach::kIdle);
    node->last_failure = why;
    rebuild();
  }
  if (again && node->listed) node->client->connect_soon();
}

void ClusterCore::on_connect_failed(const NodePtr& node, const Status& why) {
  Waiters waiters;
  {
    std::lock_guard lock(mutex_);
    if (closed_) return;
    set_reach(*node, Reach::kUnreachable);
    node->last_failure = why;
    rebuild();
    waiters = take_waiters(node.get());
  }
  node->patience.clear();
  resume(waiters, nullptr);
  discovery_->refresh();
}

void ClusterCore::on_patience_over(const NodePtr& node) {
  Waiters waiters;
  {
    std::lock_guard lock(mutex_);
    if (closed_ || node->reach != Reach::kConnecting) return;
    set_reach(*node, Reach::kReturning);
    rebuild();
    waiters = take_waiters(node.get());
  }
  resume(waiters, nullptr);
}

// Who has waited for a server to return fails now, if none has.
void ClusterCore::on_alarm(Alarm& /*outage*/) {
  Waiters waiters;
  {
    std::lock_guard lock(mutex_);
    if (closed_) return;
    waiters = take_waiters(nullptr);
  }
  resume(waiters, nullptr);
}

void ClusterCore::set_reach(ClusterNode& node, Reach reach) noexcept {
  node.reach.store(reach);
}

// --- Outliers ---

void ClusterCore::on_failing(const NodePtr& node) {
  Clock::Duration out{};
  {
    std::lock_guard lock(mutex_);
    if (closed_ || !node->listed || node->outlier.ejected()) return;
    auto ejected =
        static_cast<double>(std::count_if(nodes_.begin(), nodes_.end(), [](const auto& entry) {
          return entry.second->outlier.ejected();
        }));
    if (ejected + 1 > options_.outliers.max_share * static_cast<double>(nodes_.size())) return;
    ++ejections_;
    out = node->outlier.eject(home_.now());
    rebuild();
  }
  set_alarm(node->time_out, node->weak_from_this(), out);
}

// Time to look whether it is well, or the look has taken too long.
void ClusterCore::on_time_out_over(const NodePtr& node) {
  if (node->check != 0) {
    on_checked(node, node->check, Status(Code::kDeadlineExceeded, "no answer", HandlerRan::kNo));
    return;
  }
  {
    std::lock_guard lock(mutex_);
    if (closed_ || !node->listed) return;
  }
  node->check = ++node->checks;
  set_alarm(node->time_out, node->weak_from_this(), options_.outliers.check_timeout);
  begin_check(node);
}

void ClusterCore::begin_check(const NodePtr& node) {
  if (options_.outliers.check) {
    std::uint64_t check = node->check;
    auto done = [weak = weak_from_this(), &home = home_, node, check](Status outcome) {
      home.post([weak, node, check, outcome = std::move(outcome)] {
        if (auto self = weak.lock()) self->on_checked(node, check, outcome);
      });
    };
    run_check(node, std::move(done));
    return;
  }
  if (node->reach != Reach::kReady) {
    // on_connected() comes back here.
    node->client->connect_soon();
    return;
  }
  Loop& loop = node->client->loop();
  loop.post([weak = weak_from_this(), &home = home_, node, check = node->check] {
    node->client->ping([weak, &home, node, check](Status outcome) {
      home.post([weak, node, check, outcome = std::move(outcome)] {
        if (auto self = weak.lock()) self->on_checked(node, check, outcome);
      });
    });
  });
}

void ClusterCore::on_checked(const NodePtr& node, std::uint64_t check, const Status& outcome) {
  if (node->check != check) return;
  node->check = 0;
  Clock::Duration out{};
  Waiters waiters;
  {
    std::lock_guard lock(mutex_);
    if (closed_ || !node->listed) return;
    if (outcome.ok()) {
      node->outlier.come_back(home_.now());
    } else {
      out = node->outlier.stay_out(home_.now());
    }
    rebuild();
    waiters = take_waiters(node.get());
  }
  if (out > Clock::Duration::zero()) {
    set_alarm(node->time_out, node->weak_from_this(), out);
  } else {
    node->time_out.clear();
  }
  resume(waiters, nullptr);
}

// --- What calls choose from ---

bool ClusterCore::may_be_chosen(const ClusterNode& node, bool ignore_ejection) const noexcept {
  if (node.load->weight() == 0) return false;
  if (node.outlier.ejected() && !ignore_ejection) return false;
  Reach reach = node.reach;
  return reach == Reach::kReady || reach == Reach::kConnecting || reach == Reach::kIdle;
}

void ClusterCore::rebuild(bool reweighted) {
  std::size_t out = 0;
  for (const auto& [address, node] : nodes_) {
    Reach reach = node->reach;
    if (node->outlier.ejected() || reach == Reach::kUnreachable || reach == Reach::kReturning) {
      ++out;
    }
  }
  bool ignore_ejection =
      static_cast<double>(out) > options_.outliers.max_share * static_cast<double>(nodes_.size());
  // A server that gets no calls takes no other one's place, whether it is connected or not.
  std::size_t connected = 0;
  for (const auto& [address, node] : nodes_) {
    if (node->reach != Reach::kIdle && may_be_chosen(*node, ignore_ejection)) ++connected;
  }
  bool may_connect = options_.max_connections == 0 || connected < options_.max_connections;

  auto picking = std::make_shared<Picking>();
  std::map<std::uint64_t, NodePtr> by_id;
  std::vector<std::shared_ptr<const ServerLoad>> available;
  std::size_t in_zone = 0;
  for (const auto& [address, node] : nodes_) {
    if (node->instance.zone == options_.zone) ++in_zone;
    if (!may_be_chosen(*node, ignore_ejection)) continue;
    if (node->reach == Reach::kIdle && !may_connect) continue;
    available.push_back(node->load);
    by_id.emplace(node->load->id(), node);
  }
  if (!options_.zone.empty()) {
    available = prefer_zone(available, in_zone, options_.zone, options_.zone_share);
  }
  for (const auto& load : available) picking->nodes.push_back(by_id.at(load->id()));
  const auto before = picking_.get();
  if (!reweighted && picking->nodes == before->nodes) return;
  if (!picking->nodes.empty()) {
    lost_at_ = Clock::TimePoint::max();
  } else if (std::exchange(reached_, false)) {
    lost_at_ = home_.now();
    set_alarm(outage_, weak_from_this(), options_.outage_wait);
  }
  picking->candidates.servers = std::move(available);
  picking->candidates.version = before->candidates.version + 1;
  picking_.set(std::move(picking));
}

// A call that waits for the first connection to its server goes on waiting while others change.
ClusterCore::Waiters ClusterCore::take_waiters(const ClusterNode* changed) {
  Waiters taken;
  for (auto place = waiting_.begin(); place != waiting_.end();) {
    const Waiting& waiting = place->second;
    bool content = waiting.node && waiting.node.get() != changed &&
                   waiting.node->reach == Reach::kConnecting && waiting.node->listed;
    if (waiting.by_itself || content) {
      ++place;
      continue;
    }
    waiting.waiter->place = 0;
    waiting.waiter->alarm.clear();
    taken.push_back(std::move(place->second));
    place = waiting_.erase(place);
  }
  return taken;
}

void ClusterCore::resume(const Waiters& waiters, const NodePtr& node) {
  for (const Waiting& waiting : waiters) {
    waiting.waiter->resume(waiting.node == node ? node : nullptr);
  }
}

}  // namespace tern
