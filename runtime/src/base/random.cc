#include "base/random.h"

#include <memory>
#include <random>
#include <utility>

#include "base/mix_bits.h"

namespace tern::base {

namespace {

std::uint64_t seed() {
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32) | device();
}

}  // namespace

RandomNumbers::RandomNumbers(std::function<double()> source)
    : state_(source ? 0 : seed()), source_(std::move(source)) {}

double RandomNumbers::next() {
  if (source_) {
    std::lock_guard lock(mutex_);
    return source_();
  }
  // Steele, Lea and Flood's SplitMix: threads share nothing but a counter.
  std::uint64_t bits = mix_bits(state_.fetch_add(0x9e3779b97f4a7c15, std::memory_order_relaxed));
  return static_cast<double>(bits >> 11) * 0x1p-53;
}

std::function<double()> shared_random(std::function<double()> source) {
  auto numbers = std::make_shared<RandomNumbers>(std::move(source));
  return [numbers] { return numbers->next(); };
}

}  // namespace tern::base
