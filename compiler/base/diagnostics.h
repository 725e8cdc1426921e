// What the passes have to say about their input: collected here, printed by the driver.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "compiler/base/source.h"

namespace rpcgen {

enum class Severity { kError, kWarning };

struct Diagnostic {
  struct Note {
    Span at;
    std::string text;
  };

  Severity severity = Severity::kError;
  Span at;
  std::string text;
  std::vector<Note> notes;

  // Adds the other place that the message is about.
  Diagnostic& note(Span place, std::string words);
};

// Every pass is `(const In&, Diagnostics&) -> Out`: it reports here, goes on, and never prints.
class Diagnostics {
 public:
  // The reference is good until the next call: `diagnostics.error(span, "…").note(other, "…")`.
  Diagnostic& error(Span at, std::string text);
  Diagnostic& warning(Span at, std::string text);

  bool has_errors() const { return errors_ != 0; }
  std::size_t error_count() const { return errors_; }
  // False once so many errors are reported that nobody reads on: finding what a misspelt name may
  // have meant is then a waste of time, and the time that wicked input can waste has to be bounded.
  bool wants_hints() const { return errors_ < 100; }
  const std::vector<Diagnostic>& all() const { return all_; }

 private:
  std::vector<Diagnostic> all_;
  std::size_t errors_ = 0;
};

// All of it as text, ordered by place: `file:line:column: error: text`, the line, a caret, then the
// notes in the same form. Of one file no more than `max_errors` errors are shown.
std::string render(const Diagnostics& diagnostics, const Sources& sources,
                   std::size_t max_errors = 100);

}  // namespace rpcgen
