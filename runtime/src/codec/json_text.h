// Characters in JSON, alone and eight at a time.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tern::codec {

inline bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

inline char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 'a' - 'A') : c;
}

// The high bit of each byte of `eight` that must be escaped in a JSON string: a quote, a backslash
// or a control character. Bytes above the lowest one found may be wrong.
inline std::uint64_t special_bytes(std::uint64_t eight) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHigh = 0x8080808080808080;
  const std::uint64_t quote = eight ^ (kOnes * '"');
  const std::uint64_t backslash = eight ^ (kOnes * '\\');
  return (((quote - kOnes) & ~quote) | ((backslash - kOnes) & ~backslash) |
          ((eight - kOnes * 0x20) & ~eight)) &
         kHigh;
}

inline bool is_special(char c) noexcept {
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

// How many characters `text` begins with that can stand in a JSON string as they are.
inline std::size_t string_run(std::string_view text) noexcept {
  std::size_t at = 0;
  while (text.size() - at >= 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data() + at, sizeof eight);
    const std::uint64_t special = special_bytes(eight);
    if (special != 0) return at + static_cast<std::size_t>(std::countr_zero(special)) / 8;
    at += 8;
  }
  while (at < text.size() && !is_special(text[at])) ++at;
  return at;
}

// text.size() if all of it is ASCII that can stand as it is, otherwise less.
inline std::size_t plain_prefix(std::string_view text) noexcept {
  constexpr std::uint64_t kHigh = 0x8080808080808080;
  std::size_t at = 0;
  while (text.size() - at >= 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data() + at, sizeof eight);
    if (((eight & kHigh) | special_bytes(eight)) != 0) return at;
    at += 8;
  }
  while (at < text.size() && !is_special(text[at]) && static_cast<unsigned char>(text[at]) < 0x80) {
    ++at;
  }
  return at;
}

// Eight characters or fewer that are digits, and the number that they form.
struct DigitRun {
  std::uint64_t value;
  unsigned count;
};

inline constexpr std::array<std::uint64_t, 9> kPowersOfTen = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};

// The digits at the front of the eight characters at `at`.
inline DigitRun leading_digits(const char* at) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHigh = 0x8080808080808080;
  std::uint64_t eight = 0;
  std::memcpy(&eight, at, sizeof eight);
  // A byte is 0 to 9 after this if it was a digit. Adding 0x76 sets the high bit of all others that
  // had none; no sum carries into the next byte.
  const std::uint64_t values = eight ^ (kOnes * '0');
  const std::uint64_t others = (((values & ~kHigh) + kOnes * 0x76) | values) & kHigh;
  const auto count = others == 0 ? 8u : static_cast<unsigned>(std::countr_zero(others)) / 8;
  if (count == 0) return {0, 0};
  // Zeros in front, then neighbours are joined: to pairs, fours, the whole.
  std::uint64_t joined = values << (64 - 8 * count);
  joined = (joined * 10 + (joined >> 8)) & 0x00ff00ff00ff00ff;
  joined = (joined * 100 + (joined >> 16)) & 0x0000ffff0000ffff;
  joined = (joined * 10000 + (joined >> 32)) & 0x00000000ffffffff;
  return {joined, count};
}

inline bool same_bytes(const char* a, const char* b, std::size_t size) noexcept {
  const auto word = [](const char* at) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, at, sizeof eight);
    return eight;
  };
  if (size > 16) return std::memcmp(a, b, size) == 0;
  if (size >= 8) return word(a) == word(b) && word(a + size - 8) == word(b + size - 8);
  for (std::size_t i = 0; i < size; ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

}  // namespace tern::codec
