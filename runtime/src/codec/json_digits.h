// Runs of digits in JSON, many characters at a time.
#pragma once

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace tern::codec {

inline constexpr std::array<std::uint64_t, 17> kPowersOfTen = [] {
  std::array<std::uint64_t, 17> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

inline std::uint64_t load_eight(const char* at) noexcept {
  std::uint64_t eight = 0;
  std::memcpy(&eight, at, sizeof eight);
  return eight;
}

// Bit i says of at[i] that it is neither a digit nor, if `Minus`, a minus; of 16 characters. This
// is how it is done without SSE2.
template <bool Minus>
std::uint64_t not_digits_in_words(const char* at) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHigh = 0x8080808080808080;
  const auto half = [](std::uint64_t eight) {
    // A byte is 0 to 9 after this if it was a digit. Adding 0x76 sets the high bit of all others
    // that had none; no sum carries into the next byte.
    const std::uint64_t values = eight ^ (kOnes * '0');
    std::uint64_t others = (((values & ~kHigh) + kOnes * 0x76) | values) & kHigh;
    if constexpr (Minus) {
      const std::uint64_t minus = eight ^ (kOnes * '-');
      others &= ((minus & ~kHigh) + kOnes * 0x7f) | minus;
    }
    return ((others >> 7) * 0x0102040810204080) >> 56;
  };
  return half(load_eight(at)) | half(load_eight(at + 8)) << 8;
}

template <bool Minus>
std::uint64_t not_digits(const char* at) noexcept {
#if defined(__SSE2__)
  const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  // Bytes are compared as signed: adding 128 - '0' puts the digits at the bottom of the range.
  const __m128i moved = _mm_add_epi8(text, _mm_set1_epi8(128 - '0'));
  __m128i others = _mm_cmpgt_epi8(moved, _mm_set1_epi8(-128 + 9));
  if constexpr (Minus) others = _mm_andnot_si128(_mm_cmpeq_epi8(text, _mm_set1_epi8('-')), others);
  return static_cast<std::uint64_t>(_mm_movemask_epi8(others));
#else
  return not_digits_in_words<Minus>(at);
#endif
}

// The same of 64 characters. What lies at `end` and behind is not read, and is no digit. There are
// 16 characters before `at`.
template <bool Minus>
std::uint64_t not_digits(const char* at, const char* end) noexcept {
  if (end - at >= 64) [[likely]] {
    return not_digits<Minus>(at) | not_digits<Minus>(at + 16) << 16 |
           not_digits<Minus>(at + 32) << 32 | not_digits<Minus>(at + 48) << 48;
  }
  std::uint64_t others = 0;
  for (unsigned i = 0; i < 64; i += 16) {
    const std::ptrdiff_t left = end - at - i;
    std::uint64_t chunk = 0xffff;
    if (left >= 16) {
      chunk = not_digits<Minus>(at + i);
    } else if (left > 0) {
      chunk = (not_digits<Minus>(end - 16) | 0xffff0000) >> (16 - left) & 0xffff;
    }
    others |= chunk << i;
  }
  return others;
}

// The number that eight digits form: a byte is the value of one, the first one lies at the bottom.
// Neighbours are joined to pairs; the second and the fourth pair go to the top by one
// multiplication, the first and the third by the other one.
inline std::uint64_t join_digits(std::uint64_t values) noexcept {
  constexpr std::uint64_t kTwoPairs = 0x000000ff000000ff;
  values = values * 10 + (values >> 8);
  return ((values >> 16 & kTwoPairs) * (1 + (std::uint64_t{10000} << 32)) +
          (values & kTwoPairs) * (100 + (std::uint64_t{1000000} << 32))) >>
         32;
}

inline constexpr std::uint64_t kEightZeros = 0x3030303030303030;

// The number that the `count` digits at `at` form, 1 to 8 of them; eight characters are there.
inline std::uint64_t digits_at(const char* at, unsigned count) noexcept {
  return join_digits((load_eight(at) ^ kEightZeros) << (64 - 8 * count));
}

// The number that the `count` digits at `at` form, 1 to 16 of them; 16 characters are there.
inline std::uint64_t many_digits_at(const char* at, unsigned count) noexcept {
  if (count <= 8) return digits_at(at, count);
  return digits_at(at, 8) * kPowersOfTen[count - 8] + digits_at(at + 8, count - 8);
}

// The values of the last `count` of eight digits, 1 to 8 of them, with zeros before them.
inline std::uint64_t last_values(std::uint64_t eight, unsigned count) noexcept {
  const unsigned spare = (0 - 8 * count) % 64;
  return (eight ^ kEightZeros) >> spare << spare;
}

// The number that the `count` digits before `end` form, 1 to 8 of them; 8 characters are there.
inline std::uint64_t few_digits_before(const char* end, unsigned count) noexcept {
  return join_digits(last_values(load_eight(end - 8), count));
}

// The number that the `count` characters before `end` form, 1 to 16 of them, with 16 characters
// there; false if one of them is no digit. They are ASCII.
inline bool digits_before(const char* end, unsigned count, std::uint64_t& number) noexcept {
  constexpr std::uint64_t kAboveNine = 0x7676767676767676;
  constexpr std::uint64_t kHigh = 0x8080808080808080;
  if (count <= 8) {
    const std::uint64_t values = last_values(load_eight(end - 8), count);
    number = join_digits(values);
    return ((values + kAboveNine) & kHigh) == 0;
  }
  const std::uint64_t values = load_eight(end - 8) ^ kEightZeros;
  const std::uint64_t front = last_values(load_eight(end - 16), count - 8);
  number = join_digits(front) * kPowersOfTen[8] + join_digits(values);
  return (((values + kAboveNine) | (front + kAboveNine)) & kHigh) == 0;
}

}  // namespace tern::codec
