// UTF-8, as far as a compiler needs it: is it well-formed, how wide is it, and writing a character.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rpcgen {

// Stands for what cannot be shown.
inline constexpr char32_t kReplacement = 0xFFFD;

struct CodePoint {
  char32_t value = kReplacement;
  std::size_t size = 1;  // in bytes; what is not UTF-8 counts byte by byte
  bool valid = false;
};

// The code point at the front of `text`, which is not empty.
CodePoint decode_utf8(std::string_view text);

// Whether a terminal may see it: a character, and none that controls, ends a line or turns the
// direction of text.
bool is_printable(const CodePoint& point);

// Whether it turns the direction of text around it, so that a line does not show what it holds.
bool is_bidi_control(char32_t value);

// Where the first byte stands that is not UTF-8.
std::optional<std::size_t> find_invalid_utf8(std::string_view text);

// Of text that is UTF-8; elsewhere a number near it.
std::size_t count_code_points(std::string_view text);

// Whether U+`value` exists: no surrogate, not above 10FFFF.
bool is_code_point(char32_t value);
void append_utf8(std::string& out, char32_t value);

// How many columns of a terminal it takes: 0, 1 or 2.
std::size_t display_width(char32_t value);

}  // namespace rpcgen
