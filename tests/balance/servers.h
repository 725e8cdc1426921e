// Servers for balancers to choose from.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tern/balancer.h"

namespace tern::test {

// Servers with the addresses "tcp@a:1", "tcp@b:1" and so on, all of which are candidates until
// some are taken out.
class Servers {
 public:
  // One for each weight.
  explicit Servers(const std::vector<std::uint32_t>& weights) {
    for (std::uint32_t weight : weights) join(weight);
  }

  ServerLoad& operator[](std::size_t index) { return *all_[index]; }

  void join(std::uint32_t weight = 1, std::string_view zone = {}) {
    Instance instance;
    std::size_t index = all_.size();
    instance.endpoint.host = index < 26 ? std::string(1, static_cast<char>('a' + index))
                                        : "z" + std::to_string(100'000 + index);
    instance.endpoint.port = 1;
    instance.weight = weight;
    instance.zone = zone;
    all_.push_back(std::make_shared<ServerLoad>(index + 1, std::move(instance)));
    there_.push_back(true);
  }
  void leave(std::size_t index) { there_[index] = false; }
  void come_back(std::size_t index) { there_[index] = true; }
  bool there(std::size_t index) const { return there_[index]; }
  std::size_t size() const { return all_.size(); }

  // A set of a new version.
  Candidates candidates() {
    Candidates made;
    made.version = ++version_;
    for (std::size_t i = 0; i < all_.size(); ++i) {
      if (there_[i]) made.servers.push_back(all_[i]);
    }
    return made;
  }

 private:
  std::vector<std::shared_ptr<ServerLoad>> all_;
  std::vector<bool> there_;
  std::uint64_t version_ = 0;
};

// The first letters of the servers that `count` calls would go to: "aabacaa". Nothing is pending.
inline std::string picks(Balancer& balancer, const Candidates& candidates, std::size_t count,
                         const PickRequest& request = {}) {
  std::string letters;
  for (std::size_t i = 0; i < count; ++i) {
    letters += candidates.servers[balancer.pick(candidates, request)]->endpoint().host[0];
  }
  return letters;
}

// Gives one number after the other, then the first again.
inline RandomSource scripted(std::vector<double> numbers) {
  return [numbers = std::move(numbers), next = std::size_t{0}]() mutable {
    return numbers[next++ % numbers.size()];
  };
}

}  // namespace tern::test
