#include "tests/compiler/check_compile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <sstream>
#include <utility>
#include <vector>

#include "compiler/sema/analyze.h"
#include "compiler/sema/imports.h"

namespace rpcgen {
namespace {

struct Said {
  std::string file;
  long line;
  std::string text;

  friend auto operator<=>(const Said&, const Said&) = default;
};

std::string listed(std::vector<Said> all) {
  std::sort(all.begin(), all.end());
  std::ostringstream out;
  for (const Said& said : all) out << said.file << ':' << said.line << ": " << said.text << '\n';
  return out.str();
}

// "error@-1: text" on line 5: an error in line 4.
Said expectation(const std::string& file, long line, std::string_view words) {
  const std::size_t colon = words.find(": ");
  std::string kind(words.substr(0, colon));
  if (const std::size_t at = kind.find('@'); at != kind.npos) {
    line += std::strtol(kind.c_str() + at + 1, nullptr, 10);
    kind.resize(at);
  }
  std::string_view text = words.substr(colon + 2);
  text = text.substr(0, text.find_last_not_of(' ') + 1);
  return {file, line, kind + ": " + std::string(text)};
}

void collect_expectations(const std::string& file, std::string_view text, std::vector<Said>& out) {
  constexpr std::string_view kMark = "// expected-";
  std::istringstream lines{std::string(text)};
  long number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    for (std::size_t at = line.find(kMark); at != line.npos;) {
      const std::size_t next = line.find(kMark, at + 1);
      const std::size_t begin = at + kMark.size();
      out.push_back(expectation(file, number, std::string_view(line).substr(begin, next - begin)));
      at = next;
    }
  }
}

Said said(const Sources& sources, Span at, std::string_view kind, const std::string& text) {
  const SourceFile* file = sources.find(at);
  std::string line = std::string(kind) + ": " + text;
  if (file == nullptr) return {"", 0, std::move(line)};
  return {file->name(), static_cast<long>(file->position(at.begin).line), std::move(line)};
}

std::vector<Said> everything_said(const Compiled& compiled) {
  std::vector<Said> out;
  for (const Diagnostic& one : compiled.diagnostics.all()) {
    out.push_back(said(compiled.sources, one.at,
                       one.severity == Severity::kError ? "error" : "warning", one.text));
    for (const Diagnostic::Note& note : one.notes) {
      out.push_back(said(compiled.sources, note.at, "note", note.text));
    }
  }
  return out;
}

}  // namespace

std::string Compiled::messages() const {
  return listed(everything_said(*this));
}

Compiled compile_files(const FileSystem& files, const std::vector<std::string>& mains,
                       const std::vector<std::string>& import_dirs) {
  Compiled out;
  Units units = load({mains, import_dirs}, files, out.sources, out.diagnostics);
  out.schema = analyze(std::move(units), out.diagnostics);
  return out;
}

Compiled compile_text(std::string_view text) {
  return compile_files(MemoryFiles({{"main.rpc", std::string(text)}}), {"main.rpc"});
}

void check_compile(const std::map<std::string, std::string>& files) {
  std::vector<Said> expected;
  std::set<std::string> directories;
  for (const auto& [path, text] : files) {
    collect_expectations(path, text, expected);
    if (path.find('/') != path.npos) directories.insert(path.substr(0, path.find('/')));
  }
  const Compiled compiled =
      compile_files(MemoryFiles(files), {"main.rpc"}, {directories.begin(), directories.end()});
  EXPECT_EQ(compiled.messages(), listed(expected));
  EXPECT_EQ(compiled.schema.has_value(), !compiled.diagnostics.has_errors());
}

void check_compile(std::string_view text) {
  check_compile({{"main.rpc", std::string(text)}});
}

void check_members(std::string_view members) {
  check_compile("package test; struct Message {" + std::string(members) + "\n}\n");
}

model::Schema schema_of(std::string_view text) {
  Compiled compiled = compile_text(text);
  EXPECT_EQ(compiled.messages(), "");
  return compiled.schema ? std::move(*compiled.schema) : model::Schema();
}

}  // namespace rpcgen
