#include "cluster/cluster_core.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/random.h"
#include "tern/codegen/call_state.h"
#include "tern/field.h"
#include "tern/loop_thread.h"

namespace tern {

namespace {

std::string_view name_of(Reach reach) noexcept {
  switch (reach) {
    case Reach::kIdle:
      return "idle";
    case Reach::kConnecting:
    case Reach::kReturning:
      return "connecting";
    case Reach::kReady:
      return "ready";
    case Reach::kUnreachable:
      break;
  }
  return "unreachable";
}

ClusterOptions with_shared_random(ClusterOptions options) {
  options.client.random = shared_random(std::move(options.client.random));
  return options;
}

}  // namespace

ClusterCore::ClusterCore(std::shared_ptr<Discovery> discovery, IoPool& pool, ClusterOptions options)
    : options_(with_shared_random(std::move(options))),
      may_hedge_(options_.hedge.after > std::chrono::nanoseconds::zero()),
      discovery_(std::move(discovery)),
      balancer_(options_.balancer ? options_.balancer : round_robin(options_.client.random)),
      pool_(pool),
      home_(pool.next()),
      alarms_(std::make_shared<Alarms>(home_)),
      budget_(options_.retry.budget_ratio, options_.retry.budget_per_second),
      log_(home_.clock(), options_.client.log),
      picking_(std::make_shared<Picking>()) {}

ClusterCore::~ClusterCore() = default;

void ClusterCore::log_exception(std::string_view thrower, std::string_view what) {
  log_.line(fmt::format("tern: {}: {} threw: {}", options_.name, thrower, what));
}

void ClusterCore::begin() {
  auto watch = discovery_->watch([weak = weak_from_this(), &home = home_](const ServerView& view) {
    home.post([weak, view] {
      if (auto self = weak.lock()) self->on_servers(view);
    });
  });
  std::lock_guard lock(mutex_);
  watch_ = std::move(watch);
}

// Gives up what has waited where it ends: on the home loop, or with the tasks that this has left
// behind.
class ClusterCore::GivenUp {
 public:
  explicit GivenUp(Waiters waiters) noexcept : waiters_(std::move(waiters)) {}
  GivenUp(GivenUp&&) noexcept = default;
  ~GivenUp() {
    for (Waiting& waiting : waiters_) {
      waiting.waiter->give_up(Status(Code::kCancelled, "the cluster is closed", HandlerRan::kNo));
    }
  }

 private:
  Waiters waiters_;
};

void ClusterCore::close() {
  std::vector<NodePtr> nodes;
  Waiters waiters;
  std::unique_ptr<Discovery::Watch> watch;
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
    for (auto& [address, node] : nodes_) nodes.push_back(node);
    nodes.insert(nodes.end(), leaving_.begin(), leaving_.end());
    for (auto& [place, waiting] : waiting_) {
      waiting.waiter->place = 0;
      waiters.push_back(std::move(waiting));
    }
    waiting_.clear();
    picking_.set(std::make_shared<Picking>());
    watch = std::move(watch_);
  }
  watch.reset();
  GivenUp given_up(std::move(waiters));
  if (home_.in_this_thread() || home_.io().stopped()) {
    // A loop that has stopped is nobody's: its work is done here.
    shut_down();
    GivenUp ending(std::move(given_up));
  } else {
    CallRef done(new CallStateOf<Nothing>());
    home_.post([self = shared_from_this(), done, given_up = std::move(given_up)]() mutable {
      self->shut_down();
      { GivenUp ending(std::move(given_up)); }
      done->complete(Status());
    });
    if (pool_.has_threads() && !on_loop_thread()) done->wait();
  }
  for (NodePtr& node : nodes) node->client->close();
}

void ClusterCore::shut_down() {
  alarms_->end();
  std::lock_guard lock(mutex_);
  for (const NodePtr& node : leaving_) calls_of_gone_ += node->calls_sent();
  for (auto& [address, node] : nodes_) {
    calls_of_gone_ += node->calls_sent();
    node->check = 0;
  }
  nodes_.clear();
  leaving_.clear();
}

// `who`: by its own pointer. Calls have theirs to a node as long as they have the set that they
// have chosen from.
void ClusterCore::set_alarm(Alarm& alarm, std::weak_ptr<Alarmed> who, Clock::Duration wait) {
  alarm.set(alarms_, std::move(who), saturating_add(home_.now(), wait));
}

std::vector<NodePtr> ClusterCore::listed() const {
  std::lock_guard lock(mutex_);
  std::vector<NodePtr> nodes;
  for (const auto& [address, node] : nodes_) nodes.push_back(node);
  return nodes;
}

Status ClusterCore::call_started_within_limit(Clock::TimePoint now) {
  const std::uint64_t ended = ended_.load(std::memory_order_acquire);
  const std::uint64_t running = budget_.call_started(now) - ended;
  if (running < options_.max_calls) return {};
  budget_.call_refused();
  refused_.fetch_add(1, std::memory_order_relaxed);
  return Status(Code::kResourceExhausted,
                fmt::format("{} calls are running; the limit is {}", running, options_.max_calls),
                HandlerRan::kNo);
}

void ClusterCore::attempt_not_sent(ClusterNode& node, bool retry, bool hedge) noexcept {
  node.unsent.fetch_add(1, std::memory_order_relaxed);
  if (retry) retries_.fetch_sub(1, std::memory_order_relaxed);
  if (hedge) hedges_.fetch_sub(1, std::memory_order_relaxed);
}

// What the end of an attempt says of its server.
void ClusterCore::look_at(const NodePtr& node, const Status& outcome) {
  bool failed = !outcome.ok() && counts_against_server(outcome);
  if (node->outlier.observe(failed)) {
    home_.post([self = shared_from_this(), node] { self->on_failing(node); });
  }
  if (!node->listed.load(std::memory_order_relaxed) && node->load->pending() == 0) {
    home_.post([self = shared_from_this(), node] { self->release(node); });
  }
}

ClusterStats ClusterCore::stats() const {
  ClusterStats stats;
  // In this order: none ends that has not been seen to start.
  const std::uint64_t ended = ended_.load(std::memory_order_acquire);
  const std::uint64_t started = budget_.calls();
  stats.calls = started + refused_.load(std::memory_order_relaxed);
  stats.retries = retries_.load(std::memory_order_relaxed);
  stats.hedges = hedges_.load(std::memory_order_relaxed);
  stats.over_budget = over_budget_.load(std::memory_order_relaxed);
  stats.calls_pending = started - ended;
  std::lock_guard lock(mutex_);
  stats.calls_waiting = waiting_.size();
  stats.ejections = ejections_;
  stats.attempts = calls_of_gone_;
  for (const NodePtr& node : leaving_) stats.attempts += node->calls_sent();
  for (const auto& [address, node] : nodes_) {
    ClusterServerStats& server = stats.servers.emplace_back();
    server.address = address;
    server.zone = node->instance.zone;
    server.weight = node->load->weight();
    server.state = node->outlier.ejected() ? "ejected" : name_of(node->reach);
    server.calls = node->calls_sent();
    stats.attempts += server.calls;
    server.failures = node->outlier.failures();
    server.pending = node->load->pending();
    server.latency = node->load->peak_ewma(home_.now());
  }
  return stats;
}

}  // namespace tern
