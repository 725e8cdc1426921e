#include <algorithm>
#include <deque>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "tern/balancer.h"

namespace tern {

namespace {

// Every pick gives each server its weight as credit and takes the sum of the weights from the one
// with the most, which is picked: nginx's way. As only differences count, and a credit divided by
// the sum of the weights is the number of picks that a server has too few, credits go from one set
// to the next in that unit. So nobody catches up at once on what it could not have got.
class WeightedRoundRobin final : public Balancer {
 public:
  std::string_view name() const noexcept override { return "weighted round robin"; }

  std::size_t pick(const Candidates& candidates, const PickRequest& request) override {
    std::lock_guard lock(mutex_);
    if (candidates.version != version_ || candidates.servers.size() != servers_.size()) {
      change_to(candidates);
    }
    std::size_t best = 0;
    double most = servers_[0].credit + servers_[0].weight;
    for (std::size_t i = 0; i < servers_.size(); ++i) {
      double credit = servers_[i].credit + servers_[i].weight;
      if (!request.again) servers_[i].credit = credit;
      if (credit > most) {
        most = credit;
        best = i;
      }
    }
    if (!request.again) servers_[best].credit -= sum_;
    return best;
  }

 private:
  struct ServerCredit {
    std::uint64_t id = 0;
    double weight = 0;
    double credit = 0;  // of those that have left: divided by the sum of the weights
  };

  void change_to(const Candidates& candidates) {
    std::unordered_map<std::uint64_t, double> lacking;  // picks, by id
    for (const ServerCredit& one : gone_) lacking[one.id] = one.credit;
    for (const ServerCredit& one : servers_) lacking[one.id] = one.credit / sum_;

    std::vector<ServerCredit> before = std::move(servers_);
    double sum_before = sum_;
    servers_.clear();
    servers_.reserve(candidates.servers.size());
    sum_ = 0;
    double mean = 0;
    for (const auto& server : candidates.servers) {
      auto known = lacking.extract(server->id());
      ServerCredit& one = servers_.emplace_back();
      one.id = server->id();
      one.weight = std::max(server->weight(), 1u);
      one.credit = known ? known.mapped() : 0;
      sum_ += one.weight;
      mean += one.credit;
    }
    mean /= static_cast<double>(servers_.size());
    for (ServerCredit& one : servers_) one.credit = (one.credit - mean) * sum_;

    // What is left of `lacking` is not there now, and may come back.
    std::erase_if(gone_, [&](const ServerCredit& one) { return !lacking.contains(one.id); });
    for (ServerCredit& one : before) {
      if (!lacking.contains(one.id)) continue;
      one.credit /= sum_before;
      gone_.push_back(one);
    }
    std::size_t keep = std::max(kGone, 2 * servers_.size());
    while (gone_.size() > keep) gone_.pop_front();
    version_ = candidates.version;
  }

  // How many that have left are remembered, at least.
  static constexpr std::size_t kGone = 64;

  std::mutex mutex_;  // guards the following
  std::uint64_t version_ = 0;
  std::vector<ServerCredit> servers_;  // as in the candidates
  double sum_ = 0;                     // of their weights
  std::deque<ServerCredit> gone_;      // the last of them at the end
};

}  // namespace

std::shared_ptr<Balancer> weighted_round_robin() {
  return std::make_shared<WeightedRoundRobin>();
}

}  // namespace tern
