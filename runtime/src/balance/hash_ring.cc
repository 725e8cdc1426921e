#include "balance/hash_ring.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/mix_bits.h"
#include "tern/balancer.h"

namespace tern::balance {

namespace {

constexpr double kMaxPlaces = 100'000;

}  // namespace

HashRing::HashRing(const std::vector<std::shared_ptr<const ServerLoad>>& servers,
                   std::size_t points) {
  for (const auto& server : servers) {
    weights_.push_back(std::max(server->weight(), 1u));
    sum_ += weights_.back();
  }
  double per_weight = static_cast<double>(std::max<std::size_t>(points, 1));
  while (per_weight * sum_ > kMaxPlaces) per_weight /= 2;

  for (std::size_t i = 0; i < servers.size(); ++i) {
    auto count = static_cast<std::uint64_t>(std::max(std::round(weights_[i] * per_weight), 1.0));
    std::uint64_t start = hash_of_key(servers[i]->endpoint().to_string());
    for (std::uint64_t n = 0; n < count; ++n) {
      places_.push_back(
          {base::mix_bits(start + n * 0x9e3779b97f4a7c15), static_cast<std::uint32_t>(i)});
    }
  }
  std::sort(places_.begin(), places_.end(), [](const Place& a, const Place& b) {
    return a.hash != b.hash ? a.hash < b.hash : a.server < b.server;
  });

  auto bits = static_cast<int>(std::bit_width(places_.size()));
  shift_ = 64 - bits;
  first_.resize(std::size_t{1} << bits);
  std::uint32_t place = 0;
  for (std::size_t i = 0; i < first_.size(); ++i) {
    while (place < places_.size() && (places_[place].hash >> shift_) < i) ++place;
    first_[i] = place;
  }
}

std::size_t HashRing::place_of(std::uint64_t key) const noexcept {
  std::size_t place = first_[key >> shift_];
  while (place < places_.size() && places_[place].hash < key) ++place;
  return place == places_.size() ? 0 : place;
}

}  // namespace tern::balance
