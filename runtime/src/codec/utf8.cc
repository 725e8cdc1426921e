#include "codec/utf8.h"

#include <cstdint>
#include <cstring>

namespace tern::codec {
namespace {

constexpr std::uint64_t kHighBits = 0x8080808080808080;

// The length of the sequence that `text` begins with, 0 if it is not well-formed.
std::size_t sequence_length(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto continues = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xbf) {
    return i < text.size() && byte(i) >= low && byte(i) <= high;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xc2) return 0;
  if (first < 0xe0) return continues(1) ? 2 : 0;
  if (first < 0xf0) {
    const unsigned low = first == 0xe0 ? 0xa0 : 0x80;
    const unsigned high = first == 0xed ? 0x9f : 0xbf;
    return continues(1, low, high) && continues(2) ? 3 : 0;
  }
  if (first < 0xf5) {
    const unsigned low = first == 0xf0 ? 0x90 : 0x80;
    const unsigned high = first == 0xf4 ? 0x8f : 0xbf;
    return continues(1, low, high) && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::size_t utf8_prefix(std::string_view text) noexcept {
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  const auto ascii_word = [&](std::size_t at) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data() + at, sizeof eight);
    return (eight & kHighBits) == 0;
  };
  // Written out, since not every compiler unrolls a loop.
  constexpr std::size_t kWords = 8 * kWord;
  const auto ascii_words = [&](std::size_t at) {
    std::uint64_t w[kWords / kWord];
    std::memcpy(w, text.data() + at, sizeof w);
    return ((w[0] | w[1] | w[2] | w[3] | w[4] | w[5] | w[6] | w[7]) & kHighBits) == 0;
  };
  std::size_t at = 0;
  while (at < text.size()) {
    while (text.size() - at >= kWords && ascii_words(at)) at += kWords;
    while (text.size() - at >= kWord && ascii_word(at)) at += kWord;
    if (at == text.size()) break;
    if (text.size() - at < kWord && at >= kWord && ascii_word(text.size() - kWord)) {
      return text.size();
    }
    const std::size_t length = sequence_length(text.substr(at));
    if (length == 0) break;
    at += length;
  }
  return at;
}

void append_utf8(std::string& out, char32_t code_point) {
  const auto add = [&](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code_point < 0x80) {
    add(code_point);
  } else if (code_point < 0x800) {
    add(0xc0 | code_point >> 6);
    add(0x80 | (code_point & 0x3f));
  } else if (code_point < 0x10000) {
    add(0xe0 | code_point >> 12);
    add(0x80 | (code_point >> 6 & 0x3f));
    add(0x80 | (code_point & 0x3f));
  } else {
    add(0xf0 | code_point >> 18);
    add(0x80 | (code_point >> 12 & 0x3f));
    add(0x80 | (code_point >> 6 & 0x3f));
    add(0x80 | (code_point & 0x3f));
  }
}

void append_quoted(std::string& out, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out.reserve(out.size() + text.size() + 2);
  out += '"';
  while (!text.empty()) {
    const char first = text[0];
    const auto byte = static_cast<unsigned char>(first);
    std::size_t length = sequence_length(text);
    if (first == '"' || first == '\\') {
      out.append({'\\', first});
    } else if (first == '\n' || first == '\r' || first == '\t') {
      out.append({'\\', first == '\n' ? 'n' : first == '\r' ? 'r' : 't'});
    } else if (length == 0 || byte < 0x20 || byte == 0x7f) {
      out.append({'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]});
      length = 1;
    } else {
      out.append(text.substr(0, length));
    }
    text.remove_prefix(length);
  }
  out += '"';
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kShown = 40;
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out = "\"";
  std::size_t at = 0;
  while (at < text.size() && out.size() <= kShown) {
    const auto first = static_cast<unsigned char>(text[at]);
    const std::size_t length = sequence_length(text.substr(at));
    if (length == 0 || first < 0x20 || first == 0x7f) {
      out.append({'\\', 'x', kDigits[first >> 4], kDigits[first & 15]});
      ++at;
    } else {
      out.append(text.substr(at, length));
      at += length;
    }
  }
  return out.append(at < text.size() ? "...\"" : "\"");
}

}  // namespace tern::codec
