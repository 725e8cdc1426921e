#include "compiler/gen/printer.h"

#include <algorithm>
#include <stdexcept>

namespace rpcgen {
namespace {

std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

bool is_blank(std::string_view line) {
  return indent_of(line) == line.size();
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  for (;;) {
    std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> dedent(std::string_view text) {
  std::vector<std::string_view> lines = split_lines(text);
  while (!lines.empty() && is_blank(lines.back())) lines.pop_back();
  lines.erase(lines.begin(), std::find_if_not(lines.begin(), lines.end(), is_blank));

  std::size_t common = std::string_view::npos;
  for (std::string_view line : lines) {
    if (!is_blank(line)) common = std::min(common, indent_of(line));
  }
  for (std::string_view& line : lines) {
    line = is_blank(line) ? std::string_view() : line.substr(common);
  }
  return lines;
}

const Printer::Variable& find(const std::vector<Printer::Variable>& variables,
                              std::string_view name) {
  for (const Printer::Variable& variable : variables) {
    if (variable.name == name) return variable;
  }
  throw std::logic_error("template: variable \"" + std::string(name) + "\" is not given");
}

const std::string& text_of(const Printer::Variable& variable) {
  const auto* text = std::get_if<std::string>(&variable.value);
  if (text == nullptr) {
    throw std::logic_error("template: callback \"" + std::string(variable.name) +
                           "\" shares its line with other text");
  }
  return *text;
}

// "$name$" and nothing else.
bool is_lone_variable(std::string_view body) {
  return body.size() > 2 && body.front() == '$' && body.find('$', 1) == body.size() - 1;
}

// Google style sets a namespace's braces off with blank lines, and no others. What ends in a colon
// is a case or "public:".
bool opens_block(std::string_view line) {
  return line.ends_with(':') || (line.ends_with('{') && !line.starts_with("namespace "));
}
bool closes_block(std::string_view line) {
  return line.starts_with('}') && !line.starts_with("}  // namespace");
}

std::string trimmed(const std::string& line) {
  return line.substr(0, line.find_last_not_of(' ') + 1);
}

}  // namespace

void Printer::emit(const std::vector<Variable>& variables, std::string_view text) {
  for (std::string_view line : dedent(text)) emit_line(variables, line);
}

void Printer::emit_line(const std::vector<Variable>& variables, std::string_view text) {
  std::size_t padding = indent_of(text);
  std::string_view body = text.substr(padding);
  indent_ += padding;
  if (is_lone_variable(body)) {
    const Variable& variable = find(variables, body.substr(1, body.size() - 2));
    if (const auto* callback = std::get_if<std::function<void()>>(&variable.value)) {
      (*callback)();
      indent_ -= padding;
      return;
    }
  }
  std::string filled;
  while (!body.empty()) {
    std::size_t open = body.find('$');
    filled += body.substr(0, open);
    if (open == std::string_view::npos) break;
    std::size_t close = body.find('$', open + 1);
    if (close == std::string_view::npos) {
      throw std::logic_error("template: a $ has no second one: " + std::string(text));
    }
    filled += text_of(find(variables, body.substr(open + 1, close - open - 1)));
    body.remove_prefix(close + 1);
  }
  line(filled);
  indent_ -= padding;
}

std::string_view Printer::last_line() const {
  std::string_view text = out_;
  if (text.empty()) return text;
  text.remove_suffix(1);
  return text.substr(text.rfind('\n') + 1);
}

void Printer::line(std::string_view text) {
  if (is_blank(text)) {
    blank_pending_ = !out_.empty();
    return;
  }
  if (blank_pending_ && !opens_block(last_line()) && !closes_block(text)) out_ += '\n';
  blank_pending_ = false;
  out_.append(indent_, ' ');
  out_ += text;
  out_ += '\n';
}

void Printer::list(std::string_view head, const std::vector<std::string>& items,
                   std::string_view separator, std::string_view tail) {
  // The lines if the first item stands behind `start` and the others line up with it; too long ones
  // are counted.
  struct Layout {
    std::vector<std::string> lines;
    std::size_t too_long = 0;
  };
  auto lay_out = [&](std::string_view start) {
    Layout layout{{std::string(start)}};
    bool at_start = true;
    for (std::size_t i = 0; i < items.size(); ++i) {
      std::string piece = items[i] + std::string(i + 1 < items.size() ? separator : tail);
      if (!at_start && !fits(trimmed(layout.lines.back() + piece))) {
        layout.lines.emplace_back(start.size(), ' ');
      }
      layout.lines.back() += piece;
      at_start = false;
    }
    if (items.empty()) layout.lines.back() += tail;
    for (std::string& line : layout.lines) {
      line = trimmed(line);
      if (!fits(line)) ++layout.too_long;
    }
    return layout;
  };

  Layout beside = lay_out(head);
  Layout below = lay_out(std::string(indent_of(head) + 4, ' '));
  bool use_below = !items.empty() && (beside.too_long > below.too_long ||
                                      beside.lines.size() > 1 + below.lines.size());
  if (use_below) line(trimmed(std::string(head)));
  for (const std::string& each : use_below ? below.lines : beside.lines) line(each);
}

void Printer::signature(const std::string& result, const std::string& name,
                        const std::vector<std::string>& parameters, std::string_view tail) {
  std::string head = result + " " + name + "(";
  if (!fits(parameters.empty() ? head + std::string(tail) : head)) {
    line(result);
    head = name + "(";
  }
  list(head, parameters, ", ", tail);
}

void Printer::function(std::string_view signature, std::string_view statement) {
  std::string head = std::string(signature) + " {";
  std::string whole = head + " " + std::string(statement) + " }";
  if (fits(whole)) return line(whole);
  line(head);
  line("  " + std::string(statement));
  line("}");
}

}  // namespace rpcgen
