#include <utility>

#include "balance/turns.h"
#include "base/random.h"
#include "tern/balancer.h"

namespace tern {

namespace {

class RoundRobin final : public Balancer {
 public:
  explicit RoundRobin(base::RandomNumbers& random) : turns_(random) {}

  std::string_view name() const noexcept override { return "round robin"; }

  std::size_t pick(const Candidates& candidates, const PickRequest& request) override {
    std::size_t size = candidates.servers.size();
    return request.again ? turns_.now(size) : turns_.take(size);
  }

 private:
  balance::Turns turns_;
};

}  // namespace

std::shared_ptr<Balancer> round_robin(RandomSource random) {
  base::RandomNumbers numbers(std::move(random));
  return std::make_shared<RoundRobin>(numbers);
}

}  // namespace tern
