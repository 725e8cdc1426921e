#include "balance/weight_table.h"

#include <algorithm>

namespace tern::balance {

namespace {

// A source of the user's that gives 1 gets the last.
std::uint64_t below(std::uint64_t end, double random) noexcept {
  auto number = static_cast<std::uint64_t>(std::max(random, 0.0) * static_cast<double>(end));
  return std::min(number, end - 1);
}

}  // namespace

WeightTable::WeightTable(const std::vector<std::shared_ptr<const ServerLoad>>& servers)
    : size_(servers.size()) {
  std::uint64_t sum = 0;
  bool differ = false;
  ends_.reserve(servers.size());
  for (const auto& server : servers) {
    std::uint32_t weight = std::max(server->weight(), 1u);
    differ = differ || (!ends_.empty() && ends_.front() != weight);
    ends_.push_back(sum += weight);
  }
  if (!differ) {
    ends_.clear();
    return;
  }
  parts_ = static_cast<double>(size_) / static_cast<double>(sum);
  std::uint32_t index = 0;
  for (std::size_t part = 0; part < size_; ++part) {
    while (static_cast<double>(ends_[index]) * parts_ <= static_cast<double>(part)) ++index;
    first_.push_back(index);
  }
}

std::size_t WeightTable::draw(double random) const noexcept {
  return ends_.empty() ? below(size_, random) : at(below(ends_.back(), random));
}

std::size_t WeightTable::draw_another(std::size_t taken, double random) const noexcept {
  if (ends_.empty()) {
    std::size_t index = below(size_ - 1, random);
    return index < taken ? index : index + 1;
  }
  std::uint64_t start = taken == 0 ? 0 : ends_[taken - 1];
  std::uint64_t weight = ends_[taken] - start;
  std::uint64_t place = below(ends_.back() - weight, random);
  return at(place < start ? place : place + weight);
}

std::size_t WeightTable::at(std::uint64_t place) const noexcept {
  auto part = static_cast<std::size_t>(static_cast<double>(place) * parts_);
  std::size_t index = first_[std::min(part, size_ - 1)];
  // Rounding may have led one too far.
  while (index > 0 && ends_[index - 1] > place) --index;
  while (ends_[index] <= place) ++index;
  return index;
}

}  // namespace tern::balance
