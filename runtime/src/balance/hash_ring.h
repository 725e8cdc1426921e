// The ring of consistent hashing: servers at many places each, and a key goes to the next one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "tern/server_load.h"

namespace tern::balance {

// Immutable. Where a server stands depends on its address and weight alone, so that all clients
// have the same ring, and a server that leaves moves no keys but its own. Of at least one server.
class HashRing {
 public:
  // `points` places for each unit of weight. If these are over a hundred thousand, all have half as
  // many, or a quarter, and so on.
  HashRing(const std::vector<std::shared_ptr<const ServerLoad>>& servers, std::size_t points);

  std::size_t size() const noexcept { return places_.size(); }
  // The place that `key` belongs to; those behind it are where its calls go if that is full.
  std::size_t place_of(std::uint64_t key) const noexcept;
  std::size_t next(std::size_t place) const noexcept {
    return place + 1 == places_.size() ? 0 : place + 1;
  }
  std::size_t server_at(std::size_t place) const noexcept { return places_[place].server; }

  // As they were when the ring was made.
  double weight(std::size_t server) const noexcept { return weights_[server]; }
  double sum_of_weights() const noexcept { return sum_; }

 private:
  struct Place {
    std::uint64_t hash = 0;
    std::uint32_t server = 0;
  };

  std::vector<Place> places_;  // in the order of their hashes
  std::vector<std::uint32_t>
      first_;      // by the leading bits of a hash: the first place from there on
  int shift_ = 0;  // what is left of a hash without them
  std::vector<double> weights_;
  double sum_ = 0;
};

}  // namespace tern::balance
