// Makes every bit of a number depend on every other.
#pragma once

#include <cstdint>

namespace tern::base {

// One to one; the final step of MurmurHash3.
constexpr std::uint64_t mix_bits(std::uint64_t bits) noexcept {
  bits = (bits ^ (bits >> 33)) * 0xff51afd7ed558ccd;
  bits = (bits ^ (bits >> 33)) * 0xc4ceb9fe1a85ec53;
  return bits ^ (bits >> 33);
}

}  // namespace tern::base
