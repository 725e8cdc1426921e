#include <algorithm>
#include <utility>

#include "balance/per_candidates.h"
#include "balance/weight_table.h"
#include "base/random.h"
#include "tern/balancer.h"

namespace tern {

namespace {

class PowerOfTwo final : public Balancer {
 public:
  explicit PowerOfTwo(RandomSource random) : random_(std::move(random)) {}

  std::string_view name() const noexcept override { return "power of two choices"; }

  std::size_t pick(const Candidates& candidates, const PickRequest& request) override {
    if (candidates.servers.size() == 1) return 0;
    double one = random_.next();
    double another = random_.next();
    auto [a, b] = tables_.with(candidates, [one, another](const balance::WeightTable& table) {
      std::size_t drawn = table.draw(one);
      return std::make_pair(drawn, table.draw_another(drawn, another));
    });
    const ServerLoad& first = *candidates.servers[a];
    const ServerLoad& second = *candidates.servers[b];
    auto first_time = static_cast<double>(first.peak_ewma(request.now).count());
    auto second_time = static_cast<double>(second.peak_ewma(request.now).count());
    // One that has not been observed is as fast as the other.
    if (first_time == 0) first_time = second_time == 0 ? 1 : second_time;
    if (second_time == 0) second_time = first_time;
    return second_time * load(second) < first_time * load(first) ? b : a;
  }

 private:
  // Of a server without calls 1, whatever its weight: that has decided how often it is drawn.
  static double load(const ServerLoad& server) noexcept {
    double weight = std::max(server.weight(), 1u);
    return 1 + server.pending() / weight;
  }

  base::RandomNumbers random_;
  balance::PerCandidates<balance::WeightTable> tables_;
};

}  // namespace

std::shared_ptr<Balancer> power_of_two(RandomSource random) {
  return std::make_shared<PowerOfTwo>(std::move(random));
}

}  // namespace tern
