// Characters in JSON, alone and eight at a time.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/ascii.h"

namespace tern::codec {

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

template <typename Word>
Word load(const char* at) noexcept {
  Word word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

inline constexpr std::size_t kShortText = 32;

// Whether two texts of `size` characters, at most kShortText, are the same.
[[gnu::always_inline]] inline bool same_short_text(const char* a, const char* b,
                                                   std::size_t size) noexcept {
  const auto differ = [&]<typename Word>(Word, std::size_t at) -> Word {
    return load<Word>(a + at) ^ load<Word>(b + at);
  };
  const auto both_ends = [&]<typename Word>(Word word) {
    return (differ(word, 0) | differ(word, size - sizeof(Word))) == 0;
  };
  if (size > 16) {
    constexpr std::uint64_t kWord = 0;
    return both_ends(kWord) && (differ(kWord, 8) | differ(kWord, size - 16)) == 0;
  }
  if (size >= 8) return both_ends(std::uint64_t{});
  if (size >= 4) return both_ends(std::uint32_t{});
  if (size >= 2) return both_ends(std::uint16_t{});
  return size == 0 || *a == *b;
}

}  // namespace tern::codec
