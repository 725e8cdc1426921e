// Draws servers by lot, each as often as its weight has it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "tern/server_load.h"

namespace tern::balance {

// Immutable. Of at least one server.
class WeightTable {
 public:
  explicit WeightTable(const std::vector<std::shared_ptr<const ServerLoad>>& servers);

  // `random` is in [0, 1).
  std::size_t draw(double random) const noexcept;
  // Any but `taken`; there are two at least.
  std::size_t draw_another(std::size_t taken, double random) const noexcept;

 private:
  std::size_t at(std::uint64_t place) const noexcept;

  std::size_t size_;
  std::vector<std::uint64_t> ends_;  // sums of the weights up to each; empty if all are the same
  // The sum in as many parts as there are servers: where to begin to look for a place in each.
  std::vector<std::uint32_t> first_;
  double parts_ = 0;  // parts for each unit of weight
};

}  // namespace tern::balance
