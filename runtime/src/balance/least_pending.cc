#include <utility>

#include "balance/turns.h"
#include "base/random.h"
#include "tern/balancer.h"

namespace tern {

namespace {

class LeastPending final : public Balancer {
 public:
  explicit LeastPending(base::RandomNumbers& random) : turns_(random) {}

  std::string_view name() const noexcept override { return "least pending"; }

  std::size_t pick(const Candidates& candidates, const PickRequest&) override {
    const auto& servers = candidates.servers;
    std::size_t index = turns_.now(servers.size());
    std::size_t best = index;
    std::uint64_t pending = servers[index]->pending();
    std::uint64_t weight = servers[index]->weight();
    // Nobody has less than nothing.
    for (std::size_t seen = 1; seen < servers.size() && pending > 0; ++seen) {
      index = index + 1 == servers.size() ? 0 : index + 1;
      std::uint64_t its_pending = servers[index]->pending();
      std::uint64_t its_weight = servers[index]->weight();
      if (its_pending * weight < pending * its_weight) {
        best = index;
        pending = its_pending;
        weight = its_weight;
      }
    }
    turns_.go_on_behind(best);
    return best;
  }

 private:
  balance::Turns turns_;
};

}  // namespace

std::shared_ptr<Balancer> least_pending(RandomSource random) {
  base::RandomNumbers numbers(std::move(random));
  return std::make_shared<LeastPending>(numbers);
}

}  // namespace tern
