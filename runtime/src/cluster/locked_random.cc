#include "cluster/locked_random.h"

#include <random>
#include <utility>

namespace tern {

LockedRandom::LockedRandom(std::function<double()> random) : random_(std::move(random)) {
  if (random_) return;
  random_ = [generator = std::minstd_rand(std::random_device()())]() mutable {
    return std::uniform_real_distribution<double>(0, 1)(generator);
  };
}

}  // namespace tern
