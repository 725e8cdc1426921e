#include "compiler/base/diagnostics.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <string_view>
#include <utility>

#include "compiler/base/excerpt.h"
#include "compiler/base/utf8.h"

namespace rpcgen {
namespace {

// Names and strings of the input stand in messages, whatever is in them.
std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const CodePoint point = decode_utf8(text);
    append_utf8(out, is_printable(point) ? point.value : kReplacement);
    text.remove_prefix(point.size);
  }
  return out;
}

void render_one(std::string& out, const Sources& sources, Span at, std::string_view kind,
                std::string_view words) {
  const std::string text = printable(words);
  const SourceFile* file = sources.find(at);
  if (file == nullptr) {
    fmt::format_to(std::back_inserter(out), "rpcgen: {}: {}\n", kind, text);
    return;
  }
  const SourceFile::Position position = file->position(at.begin);
  fmt::format_to(std::back_inserter(out), "{}:{}:{}: {}: {}\n", file->name(), position.line,
                 position.column, kind, text);
  append_excerpt(out, *file, at);
}

}  // namespace

Diagnostic& Diagnostic::note(Span place, std::string words) {
  notes.push_back({place, std::move(words)});
  return *this;
}

Diagnostic& Diagnostics::error(Span at, std::string text) {
  ++errors_;
  return all_.emplace_back(Diagnostic{Severity::kError, at, std::move(text), {}});
}

Diagnostic& Diagnostics::warning(Span at, std::string text) {
  return all_.emplace_back(Diagnostic{Severity::kWarning, at, std::move(text), {}});
}

std::string render(const Diagnostics& diagnostics, const Sources& sources, std::size_t max_errors) {
  std::vector<const Diagnostic*> ordered;
  for (const Diagnostic& diagnostic : diagnostics.all()) ordered.push_back(&diagnostic);
  std::stable_sort(ordered.begin(), ordered.end(), [](const Diagnostic* a, const Diagnostic* b) {
    return a->at.begin < b->at.begin;
  });

  std::string out;
  std::map<const SourceFile*, std::size_t> shown;
  for (const Diagnostic* diagnostic : ordered) {
    const SourceFile* file = sources.find(diagnostic->at);
    std::size_t& count = shown[file];
    if (count > max_errors) continue;
    if (diagnostic->severity == Severity::kError && ++count > max_errors) {
      fmt::format_to(std::back_inserter(out), "{}: error: too many errors; {} are shown\n",
                     file == nullptr ? "rpcgen" : file->name(), max_errors);
      continue;
    }
    render_one(out, sources, diagnostic->at,
               diagnostic->severity == Severity::kError ? "error" : "warning", diagnostic->text);
    for (const Diagnostic::Note& note : diagnostic->notes) {
      render_one(out, sources, note.at, "note", note.text);
    }
  }
  return out;
}

}  // namespace rpcgen
