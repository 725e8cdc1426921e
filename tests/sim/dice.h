// The one source of chance in a simulation: the same seed, the same numbers on every machine.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace tern::sim {

// SplitMix64 (Steele, Lea, Flood 2014).
class Dice {
 public:
  explicit Dice(std::uint64_t seed) noexcept : state_(seed) {}

  std::uint64_t next() noexcept {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  // In [0, bound); bound > 0.
  std::uint64_t below(std::uint64_t bound) noexcept { return next() % bound; }
  // In [from, to].
  std::size_t between(std::size_t from, std::size_t to) noexcept {
    return from + static_cast<std::size_t>(below(to - from + 1));
  }
  std::chrono::nanoseconds between(std::chrono::nanoseconds from,
                                   std::chrono::nanoseconds to) noexcept {
    return from + std::chrono::nanoseconds(static_cast<std::int64_t>(
                      below(static_cast<std::uint64_t>((to - from).count()) + 1)));
  }
  // In [0, 1).
  double unit() noexcept { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  // True in `percent` of a hundred.
  bool percent(unsigned percent) noexcept { return below(100) < percent; }
  // Another source, which takes nothing from this one later.
  Dice fork() noexcept { return Dice(next()); }

 private:
  std::uint64_t state_;
};

}  // namespace tern::sim
