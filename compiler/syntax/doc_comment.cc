#include "compiler/syntax/doc_comment.h"

#include <vector>

namespace rpcgen {
namespace {

constexpr std::string_view kBlanks = " \t\r";

std::string_view trim_right(std::string_view text) {
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

// One blank after the mark belongs to the mark; more are the author's indentation.
std::string_view without_first_blank(std::string_view text) {
  if (text.starts_with(' ')) text.remove_prefix(1);
  return text;
}

std::string_view without_star(std::string_view line) {
  const std::size_t first = line.find_first_not_of(kBlanks);
  if (first == line.npos) return {};
  line.remove_prefix(first);
  if (line.starts_with('*')) line.remove_prefix(1);
  return trim_right(without_first_blank(line));
}

}  // namespace

bool is_doc_line(std::string_view comment) {
  return comment.starts_with("///") && !comment.starts_with("////");
}

std::string doc_line_text(std::string_view comment) {
  return std::string(trim_right(without_first_blank(comment.substr(3))));
}

bool is_doc_block(std::string_view comment) {
  return comment.starts_with("/**") && !comment.starts_with("/***") && comment.size() > 4;
}

std::string doc_block_text(std::string_view comment) {
  std::string_view body = comment.substr(3, comment.size() - 5);
  std::vector<std::string_view> lines;
  for (bool more = true; more;) {
    const std::size_t end = body.find('\n');
    lines.push_back(without_star(body.substr(0, end)));
    more = end != body.npos;
    if (more) body.remove_prefix(end + 1);
  }
  while (!lines.empty() && lines.front().empty()) lines.erase(lines.begin());
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  std::string text;
  for (std::string_view line : lines) {
    if (!text.empty()) text += '\n';
    text += line;
  }
  return text;
}

}  // namespace rpcgen
