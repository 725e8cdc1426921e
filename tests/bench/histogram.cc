#include "histogram.h"

#include <algorithm>

namespace tern::bench {

std::uint64_t Histogram::total() const noexcept {
  std::uint64_t sum = 0;
  for (std::uint64_t count : counts_) sum += count;
  return sum;
}

double Histogram::quantile(double q) const noexcept {
  auto want = static_cast<std::uint64_t>(q * static_cast<double>(total()));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    seen += counts_[i];
    if (seen > want) return value(i);
  }
  return 0;
}

std::size_t Histogram::index(std::uint64_t ns) noexcept {
  if (ns < kSteps) return static_cast<std::size_t>(ns);
  int shift = 58 - __builtin_clzll(ns);
  std::size_t at = static_cast<std::size_t>(shift) * kSteps + static_cast<std::size_t>(ns >> shift);
  return std::min(at, kSize - 1);
}

double Histogram::value(std::size_t index) noexcept {
  if (index < 2 * kSteps) return static_cast<double>(index);
  std::size_t shift = index / kSteps - 1;
  return (static_cast<double>(index - shift * kSteps) + 0.5) *
         static_cast<double>(std::uint64_t{1} << shift);
}

}  // namespace tern::bench
