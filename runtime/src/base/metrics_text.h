// Prometheus' text format, version 0.0.4.
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace tern::base {

inline double in_seconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

// Appends `text` as it stands between the quotes of a label's value.
inline void append_label(std::string& out, std::string_view text) {
  for (char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else {
      if (c == '\\' || c == '"') out += '\\';
      out += c;
    }
  }
}

// "name=\"value\"".
inline std::string metrics_label(std::string_view name, std::string_view value) {
  std::string text = fmt::format("{}=\"", name);
  append_label(text, value);
  text += '"';
  return text;
}

// Appends lines to `out`, which outlives it.
class MetricsText {
 public:
  explicit MetricsText(std::string& out) : out_(out) {}

  // Says what the lines that follow are.
  void begin(std::string_view name, std::string_view type, std::string_view help) {
    fmt::format_to(std::back_inserter(out_), "# HELP {} {}\n# TYPE {} {}\n", name, help, name,
                   type);
  }
  // `labels` as metrics_label() makes them, with commas in between.
  template <typename T>
  void line(std::string_view name, std::string_view labels, T value) {
    fmt::format_to(std::back_inserter(out_), "{}{}{}{} {}\n", name, labels.empty() ? "" : "{",
                   labels, labels.empty() ? "" : "}", value);
  }
  template <typename T>
  void only(std::string_view name, std::string_view type, std::string_view help, T value) {
    begin(name, type, help);
    line(name, "", value);
  }

 private:
  std::string& out_;
};

}  // namespace tern::base
