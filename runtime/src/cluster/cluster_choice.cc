// Where a cluster's calls go, and how they wait for a server.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "cluster/cluster_core.h"

namespace tern {

inline std::size_t ClusterCore::pick(const Picking& picking, const PickRequest& request) noexcept {
  const std::size_t count = picking.nodes.size();
  try {
    const std::size_t index = balancer_->pick(picking.candidates, request);
    return index < count ? index : index % count;
  } catch (...) {
    return 0;  // as Balancer says
  }
}

ClusterChoice ClusterCore::choose(const PickRequest& request,
                                  const std::vector<std::uint64_t>& tried) {
  std::shared_ptr<const Picking> picking = picking_.get();
  ClusterChoice choice;
  const std::vector<NodePtr>& nodes = picking->nodes;
  if (nodes.empty()) return choice;
  std::size_t next = pick(*picking, request);
  // The next ones take the place of those that are full or have been tried.
  bool some_full = false;
  ClusterNode* chosen = nullptr;
  for (std::size_t seen = 0; seen < nodes.size(); ++seen) {
    ClusterNode* node = nodes[next].get();
    if (++next == nodes.size()) next = 0;
    if (full(*node)) {
      some_full = true;
      continue;
    }
    bool been_there =
        !tried.empty() && std::find(tried.begin(), tried.end(), node->load->id()) != tried.end();
    if (been_there && chosen) continue;
    chosen = node;
    choice.again = been_there;
    if (!been_there) break;
  }
  if (chosen) {
    // The set keeps its nodes: so this costs no counting.
    choice.node = NodePtr(std::move(picking), chosen);
  } else if (some_full) {
    choice.failure =
        Status(Code::kResourceExhausted,
               fmt::format("each of {} servers has {} calls waiting for its answer, which is the "
                           "limit",
                           nodes.size(), options_.max_calls_per_server),
               HandlerRan::kNo);
  }
  return choice;
}

ClusterWait ClusterCore::wait(std::shared_ptr<ClusterWaiter> waiter, const NodePtr& node,
                              bool only_there, bool patient, Clock::TimePoint until) {
  ClusterWait outcome;
  bool connect = false;
  {
    std::lock_guard lock(mutex_);
    if (closed_) {
      outcome.kind = ClusterWait::Kind::kFailed;
      outcome.failure = Status(Code::kCancelled, "the cluster is closed", HandlerRan::kNo);
      return outcome;
    }
    Reach reach = node ? node->reach.load() : Reach::kIdle;
    if (node) {
      const auto picking = picking_.get();
      bool there =
          std::find(picking->nodes.begin(), picking->nodes.end(), node) != picking->nodes.end();
      if (reach == Reach::kReady || (!there && !only_there)) {
        outcome.kind = ClusterWait::Kind::kNow;
        return outcome;
      }
      if (only_there && !node->listed) {
        outcome.kind = ClusterWait::Kind::kFailed;
        outcome.failure = not_listed(*node);
        return outcome;
      }
      if (only_there && !patient && reach == Reach::kUnreachable) {
        outcome.kind = ClusterWait::Kind::kFailed;
        outcome.failure =
            Status(Code::kUnavailable, std::string(node->last_failure.message()), HandlerRan::kNo);
        return outcome;
      }
      connect = reach == Reach::kIdle;
      if (connect) {
        set_reach(*node, only_there ? Reach::kReturning : Reach::kConnecting);
        // There may be no room for one more connection now.
        if (options_.max_connections > 0) rebuild();
      }
    } else if (!picking_.get()->nodes.empty()) {
      outcome.kind = ClusterWait::Kind::kNow;
      return outcome;
    } else if (!patient && !something_may_come() && !just_lost()) {
      outcome.kind = ClusterWait::Kind::kFailed;
      outcome.failure = nothing_there();
      return outcome;
    }
    add_waiter(std::move(waiter), node, false, until);
  }
  if (connect) {
    home_.post([self = shared_from_this(), node] { self->begin_connect(node); });
  }
  return outcome;
}

Status ClusterCore::not_listed(const ClusterNode& node) {
  return Status(Code::kUnavailable, fmt::format("{} is not listed any more", node.address),
                HandlerRan::kNo);
}

bool ClusterCore::wait_by_itself(std::shared_ptr<ClusterWaiter> waiter, Clock::TimePoint until) {
  std::lock_guard lock(mutex_);
  if (closed_) return false;
  add_waiter(std::move(waiter), nullptr, true, until);
  return true;
}

ClusterWait ClusterCore::wait_for_servers(std::shared_ptr<ClusterWaiter> waiter, bool patient,
                                          Clock::TimePoint until) {
  ClusterWait outcome;
  std::lock_guard lock(mutex_);
  if (closed_) {
    outcome.kind = ClusterWait::Kind::kFailed;
    outcome.failure = Status(Code::kCancelled, "the cluster is closed", HandlerRan::kNo);
  } else if (!nodes_.empty()) {
    outcome.kind = ClusterWait::Kind::kNow;
  } else if (!patient && (known_ || !discovery_status_.ok())) {
    outcome.kind = ClusterWait::Kind::kFailed;
    outcome.failure = nothing_there();
  } else {
    add_waiter(std::move(waiter), nullptr, false, until);
  }
  return outcome;
}

void ClusterCore::add_waiter(std::shared_ptr<ClusterWaiter> waiter, NodePtr node, bool by_itself,
                             Clock::TimePoint until) {
  ClusterWaiter& its = *waiter;
  its.alarm.set(alarms_, waiter, until);
  Waiting waiting;
  waiting.waiter = std::move(waiter);
  waiting.node = std::move(node);
  waiting.by_itself = by_itself;
  waiting_.emplace(next_place_, std::move(waiting));
  its.place = next_place_++;
  its.until = until;
}

bool ClusterCore::waits(const ClusterWaiter& waiter) const {
  std::lock_guard lock(mutex_);
  return waiter.place != 0;
}

bool ClusterCore::take(ClusterWaiter& waiter) {
  std::lock_guard lock(mutex_);
  return take_out(waiter);
}

bool ClusterCore::take_if_due(ClusterWaiter& waiter) {
  std::lock_guard lock(mutex_);
  return home_.now() >= waiter.until && take_out(waiter);
}

bool ClusterCore::take_out(ClusterWaiter& waiter) {
  if (waiter.place == 0) return false;
  waiter.alarm.clear();
  return waiting_.erase(std::exchange(waiter.place, 0)) > 0;
}

// Whether something is under way that can end the waiting without anybody's doing.
bool ClusterCore::something_may_come() const noexcept {
  if (!known_ && discovery_status_.ok()) return true;
  return std::any_of(nodes_.begin(), nodes_.end(), [](const auto& entry) {
    Reach reach = entry.second->reach;
    return entry.second->load->weight() > 0 &&
           (reach == Reach::kConnecting || reach == Reach::kReturning);
  });
}

bool ClusterCore::just_lost() const noexcept {
  // Servers of weight 0 are not lost: somebody wants them to have no calls.
  bool wanted = nodes_.empty() || std::any_of(nodes_.begin(), nodes_.end(), [](const auto& entry) {
                  return entry.second->load->weight() > 0;
                });
  return wanted && lost_at_ != Clock::TimePoint::max() &&
         home_.now() < saturating_add(lost_at_, options_.outage_wait);
}

Status ClusterCore::nothing_there() const {
  constexpr std::size_t kNamed = 5;
  std::string text;
  std::size_t reachable = 0;
  for (const auto& [address, node] : nodes_) {
    if (node->load->weight() > 0) ++reachable;
  }
  if (!known_) {
    text = fmt::format("its servers are not known: {}", discovery_status_.message());
  } else if (nodes_.empty()) {
    text = "no server is listed";
    if (!discovery_status_.ok()) text += fmt::format("; {}", discovery_status_.message());
  } else if (reachable == 0) {
    text = fmt::format("all of {} listed servers have the weight 0", nodes_.size());
  } else {
    text = fmt::format("none of {} servers can be reached: ", reachable);
    std::size_t named = 0;
    for (const auto& [address, node] : nodes_) {
      if (node->load->weight() == 0) continue;
      if (named == kNamed) {
        text += fmt::format("; and {} more", reachable - named);
        break;
      }
      text += fmt::format(
          "{}{}", named++ > 0 ? "; " : "",
          node->last_failure.ok() ? std::string_view(address) : node->last_failure.message());
    }
  }
  return Status(Code::kUnavailable, std::move(text), HandlerRan::kNo);
}

}  // namespace tern
