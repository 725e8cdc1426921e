#include <utility>

#include "balance/per_candidates.h"
#include "balance/weight_table.h"
#include "base/random.h"
#include "tern/balancer.h"

namespace tern {

namespace {

class RandomBalancer final : public Balancer {
 public:
  explicit RandomBalancer(RandomSource random) : random_(std::move(random)) {}

  std::string_view name() const noexcept override { return "random"; }

  std::size_t pick(const Candidates& candidates, const PickRequest&) override {
    double random = random_.next();
    return tables_.with(candidates,
                        [random](const balance::WeightTable& table) { return table.draw(random); });
  }

 private:
  base::RandomNumbers random_;
  balance::PerCandidates<balance::WeightTable> tables_;
};

}  // namespace

std::shared_ptr<Balancer> random_balancer(RandomSource random) {
  return std::make_shared<RandomBalancer>(std::move(random));
}

}  // namespace tern
