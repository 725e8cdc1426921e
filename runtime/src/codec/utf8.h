// Whether text is UTF-8, and how to show text that may not be.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tern::codec {

// How many bytes `text` begins with that are well-formed UTF-8: text.size() if all are. Overlong
// forms, surrogates and what lies beyond U+10FFFF are not.
std::size_t utf8_prefix(std::string_view text) noexcept;
inline bool is_utf8(std::string_view text) noexcept {
  return utf8_prefix(text) == text.size();
}

// Appends a code point that is no surrogate.
void append_utf8(std::string& out, char32_t code_point);

// Appends `text` in quotes: quotes, backslashes, control characters and what is not UTF-8 escaped,
// the rest as it is.
void append_quoted(std::string& out, std::string_view text);

// `text` in quotes for a message: control characters and what is not UTF-8 as \x1f, only the
// beginning of a long text.
std::string quoted(std::string_view text);

}  // namespace tern::codec
