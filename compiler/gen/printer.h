// Text from templates that look like what they produce.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace rpcgen {

// Builds one file. The templates are raw strings, so the emitted code reads as code:
//
//   printer.emit({{"name", message.cpp_name}, {"fields", [&] { … }}}, R"(
//     struct $name$ {
//       $fields$
//     };
//   )");
//
// - The indentation that all lines share is dropped, with the blank lines at both ends.
// - $name$ stands for a variable's text. A line that is nothing but $name$ may also stand for a
//   callback, which prints with this printer; its output takes the line's indentation.
// - Of several blank lines one is kept, and none at the start or end of a block (namespaces
//   excepted), so a template need not know whether a callback prints anything.
//
// A template that names an unknown variable is a mistake in this program: std::logic_error.
class Printer {
 public:
  struct Variable {
    std::string_view name;
    std::variant<std::string, std::function<void()>> value;

    Variable(std::string_view variable, std::string text)
        : name(variable), value(std::move(text)) {}
    Variable(std::string_view variable, std::function<void()> callback)
        : name(variable), value(std::move(callback)) {}
  };

  static constexpr std::size_t kWidth = 100;

  void emit(std::string_view text) { emit({}, text); }
  void emit(const std::vector<Variable>& variables, std::string_view text);

  // One line, as it is; an empty one is a blank line.
  void line(std::string_view text);

  // A list: `head`, the items with `separator` after each but the last, `tail`. What does not fit
  // goes on below the first item; where that is too long, or takes more lines, all items stand
  // below the head.
  void list(std::string_view head, const std::vector<std::string>& items,
            std::string_view separator, std::string_view tail);

  // The first line or lines of a function, from its result to `tail`: ") = 0;".
  void signature(const std::string& result, const std::string& name,
                 const std::vector<std::string>& parameters, std::string_view tail);

  // A function of one statement within a class: on one line if that fits.
  void function(std::string_view signature, std::string_view statement);

  // Whether `text` fits a line here.
  bool fits(std::string_view text) const { return indent_ + text.size() <= kWidth; }

  std::string take() { return std::exchange(out_, {}); }

 private:
  void emit_line(const std::vector<Variable>& variables, std::string_view text);
  std::string_view last_line() const;

  std::string out_;
  std::size_t indent_ = 0;
  bool blank_pending_ = false;
};

}  // namespace rpcgen
