// The files of a run: those on the command line and all that they import, parsed.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "compiler/base/diagnostics.h"
#include "compiler/base/files.h"
#include "compiler/base/source.h"
#include "compiler/syntax/ast.h"

namespace rpcgen {

// One parsed file.
struct Unit {
  std::string path;       // as in model::File
  std::string disk_path;  // by which it was opened
  ast::File ast;
  std::vector<const Unit*> imports;  // direct ones, each once
  bool is_main = false;
  // False if an import could not be had or read: a name that is unknown may well be one of its.
  bool has_all_imports = true;
};

// An imported file comes before its importers.
using Units = std::vector<std::unique_ptr<const Unit>>;

struct Inputs {
  std::vector<std::string> files;
  std::vector<std::string> import_dirs;
};

// An import is looked for beside the file that has it, then in the import directories in order. The
// file found must lie in one of these directories, or in that of a file on the command line, once
// symbolic links and `..` are gone from its path. Files that cannot be had, and imports in a cycle,
// are reported and left out.
Units load(const Inputs& inputs, const FileSystem& files, Sources& sources,
           Diagnostics& diagnostics);

}  // namespace rpcgen
