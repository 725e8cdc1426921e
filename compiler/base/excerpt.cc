#include "compiler/base/excerpt.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "compiler/base/utf8.h"

namespace rpcgen {
namespace {

// Of a long line, so many bytes are shown on either side of the caret.
constexpr std::size_t kContext = 100;

bool starts_code_point(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

// The part [begin, end) of a line, cut between characters.
struct Window {
  std::size_t begin;
  std::size_t end;
};

Window window_around(std::string_view line, std::size_t caret) {
  Window window{caret > kContext ? caret - kContext : 0, std::min(line.size(), caret + kContext)};
  while (window.begin > 0 && !starts_code_point(line[window.begin])) --window.begin;
  while (window.end < line.size() && !starts_code_point(line[window.end])) ++window.end;
  return window;
}

}  // namespace

void append_excerpt(std::string& out, const SourceFile& file, Span span) {
  const std::string_view line = file.line_at(span.begin);
  const std::size_t line_begin = static_cast<std::size_t>(line.data() - file.text().data());
  const std::size_t caret =
      std::min<std::size_t>(span.begin - file.base() - line_begin, line.size());
  const std::size_t caret_end = std::max(caret + 1, span.end - file.base() - line_begin);
  const Window window = window_around(line, caret);

  std::string text;
  std::string marks;
  if (window.begin > 0) {
    text += "...";
    marks += "   ";
  }
  for (std::size_t at = window.begin; at < window.end;) {
    const CodePoint point = decode_utf8(line.substr(at));
    const char mark = at == caret ? '^' : at > caret && at < caret_end ? '~' : ' ';
    if (point.value == '\t') {
      text += '\t';
      marks += mark == ' ' ? '\t' : mark;
    } else {
      const char32_t shown = is_printable(point) ? point.value : kReplacement;
      append_utf8(text, shown);
      const std::size_t width = display_width(shown);
      if (width > 0 || mark == '^') marks += mark;
      if (width > 1) marks += mark == '^' ? '~' : mark;
    }
    at += point.size;
  }
  if (window.end < line.size()) text += "...";
  if (caret >= window.end) marks += '^';
  marks.erase(marks.find_last_not_of(" \t") + 1);

  out += text;
  out += '\n';
  out += marks;
  out += '\n';
}

}  // namespace rpcgen
