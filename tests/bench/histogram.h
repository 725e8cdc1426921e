// Latencies, counted.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace tern::bench {

// Log-linear: 32 steps to each power of two, so within 3 %.
class Histogram {
 public:
  void add(std::uint64_t ns) noexcept { ++counts_[index(ns)]; }
  std::uint64_t total() const noexcept;
  double quantile(double q) const noexcept;

 private:
  static constexpr std::size_t kSteps = 32;
  static constexpr std::size_t kSize = kSteps * 48;
  static std::size_t index(std::uint64_t ns) noexcept;
  static double value(std::size_t index) noexcept;

  std::array<std::uint64_t, kSize> counts_{};
};

}  // namespace tern::bench
