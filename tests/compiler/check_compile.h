// Compiler tests whose input says itself what the compiler has to say about it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "compiler/base/diagnostics.h"
#include "compiler/sema/model.h"
#include "tests/compiler/memory_files.h"

namespace rpcgen {

// Compiles `text` and expects what its comments say, on the line they stand on:
//
//   Strng x = 1;  // expected-error: type "Strng" is not declared; did you mean "string"?
//
// `expected-warning` and `expected-note` work alike, several may follow each other on a line, and
// `expected-error@-1:` means the line above. What is said must be just that, to the letter, and
// nothing else must be said.
void check_compile(std::string_view text);

// The same for several files; "main.rpc" is the one on the command line, and every directory is an
// import directory that is the first part of a path.
void check_compile(const std::map<std::string, std::string>& files);

// Like check_compile, with `package test;` in front and the text as the members of one struct.
void check_members(std::string_view members);

// What the passes made of files, with all that they said.
struct Compiled {
  Sources sources;
  Diagnostics diagnostics;
  std::optional<model::Schema> schema;

  // Every message as "file:line: kind: text".
  std::string messages() const;
};
Compiled compile_text(std::string_view text);
Compiled compile_files(const FileSystem& files, const std::vector<std::string>& mains,
                       const std::vector<std::string>& import_dirs = {});

// The schema of a text that must compile.
model::Schema schema_of(std::string_view text);

}  // namespace rpcgen
