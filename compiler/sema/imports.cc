#include "compiler/sema/imports.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "compiler/syntax/parser.h"

namespace rpcgen {
namespace {

namespace fs = std::filesystem;

// Bounds the recursion over imports.
constexpr std::size_t kMaxImportDepth = 100;
constexpr std::size_t kMaxPath = 1000;

bool lies_in(const std::string& path, const std::string& directory) {
  if (directory == "/") return true;
  return path.size() > directory.size() && path.starts_with(directory) &&
         path[directory.size()] == '/';
}

std::string relative_to(const std::string& directory, const std::string& path) {
  return path.substr(directory == "/" ? 1 : directory.size() + 1);
}

std::string directory_of(const std::string& path) {
  const fs::path directory = fs::path(path).parent_path();
  return directory.empty() ? "." : directory.string();
}

class Loader {
 public:
  Loader(const Inputs& inputs, const FileSystem& files, Sources& sources, Diagnostics& diagnostics)
      : inputs_(inputs), files_(files), sources_(sources), diagnostics_(diagnostics) {
    for (const std::string& directory : inputs.import_dirs) {
      if (auto canonical = files.canonical(directory)) {
        roots_.push_back(std::move(*canonical));
      } else {
        diagnostics.warning({}, fmt::format("import directory \"{}\" does not exist", directory));
      }
    }
  }

  Units run() {
    for (const std::string& file : inputs_.files) name_main(file);
    for (const std::string& file : inputs_.files) load_main(file);
    return std::move(units_);
  }

 private:
  // A file being loaded, or loaded; by canonical path.
  struct Entry {
    Unit* unit = nullptr;  // null if it cannot be read
    bool loading = false;
  };

  struct Step {
    std::string path;
    Span import;
  };

  // Outside of the import directories a file's path is its mere name, and its own directory is one
  // that imports may come from.
  void name_main(const std::string& file) {
    const auto canonical = files_.canonical(file);
    if (!canonical || root_of(*canonical) != nullptr) return;
    main_paths_[*canonical] = fs::path(*canonical).filename().string();
    main_roots_.push_back(directory_of(*canonical));
  }

  void load_main(const std::string& file) {
    const auto canonical = files_.canonical(file);
    if (!canonical) {
      diagnostics_.error({}, fmt::format("cannot read \"{}\": no such file", file));
      return;
    }
    if (Unit* unit = load_file(*canonical, file, {})) unit->is_main = true;
  }

  // The first of the import directories that holds it.
  const std::string* root_of(const std::string& canonical) const {
    return first_holding(roots_, canonical);
  }

  static const std::string* first_holding(const std::vector<std::string>& directories,
                                          const std::string& canonical) {
    const auto found =
        std::find_if(directories.begin(), directories.end(),
                     [&](const std::string& directory) { return lies_in(canonical, directory); });
    return found == directories.end() ? nullptr : &*found;
  }

  // As in model::File; nothing for a file that lies in no directory that imports may come from.
  std::optional<std::string> path_of(const std::string& canonical) const {
    if (const auto main = main_paths_.find(canonical); main != main_paths_.end()) {
      return main->second;
    }
    const std::string* root = root_of(canonical);
    if (root == nullptr) root = first_holding(main_roots_, canonical);
    if (root == nullptr) return std::nullopt;
    return relative_to(*root, canonical);
  }

  // `import` is nowhere for a file of the command line.
  Unit* load_file(const std::string& canonical, const std::string& disk_path, Span import) {
    if (const auto known = entries_.find(canonical); known != entries_.end()) {
      return known->second.unit;
    }
    Entry& entry = entries_[canonical];
    const auto problem = [&](std::string_view reason) -> Unit* {
      diagnostics_.error(import, fmt::format("cannot read \"{}\": {}", disk_path, reason));
      return nullptr;
    };
    std::string path = path_of(canonical).value_or(std::string());
    if (const auto [other, is_new] = disk_paths_.emplace(path, disk_path); !is_new) {
      return problem(
          fmt::format("it would be called \"{}\" like \"{}\"; give an import directory "
                      "that holds both",
                      path, other->second));
    }
    auto text = files_.read(disk_path, kMaxFileSize);
    if (const auto* failure = std::get_if<FileProblem>(&text)) return problem(failure->text);
    auto& content = std::get<std::string>(text);
    if (!sources_.fits(content.size())) return problem("all files together exceed 4 GiB");

    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (content.starts_with(kByteOrderMark)) content.erase(0, kByteOrderMark.size());
    const SourceFile& source = sources_.add(disk_path, std::move(content));
    auto unit = std::make_unique<Unit>();
    unit->path = std::move(path);
    unit->disk_path = disk_path;
    unit->ast = parse(source, diagnostics_);

    entry = {unit.get(), true};
    chain_.push_back({canonical, import});
    for (const ast::Import& wanted : unit->ast.imports) load_import(*unit, wanted);
    chain_.pop_back();
    entry.loading = false;
    units_.push_back(std::move(unit));
    return entry.unit;
  }

  void load_import(Unit& importer, const ast::Import& import) {
    const Unit* unit = find_import(importer, import);
    if (unit == nullptr || !unit->ast.readable) importer.has_all_imports = false;
    if (unit == nullptr) return;
    if (std::find(importer.imports.begin(), importer.imports.end(), unit) !=
        importer.imports.end()) {
      diagnostics_.warning(import.path.span,
                           fmt::format("\"{}\" is imported already", import.path.text));
      return;
    }
    importer.imports.push_back(unit);
  }

  // Null if it cannot be had, which is reported.
  const Unit* find_import(const Unit& importer, const ast::Import& import) {
    const auto found = resolve(importer, import);
    if (!found) return nullptr;
    const auto& [canonical, disk_path] = *found;
    if (const auto known = entries_.find(canonical);
        known != entries_.end() && known->second.loading) {
      report_cycle(canonical, import);
      return nullptr;
    }
    if (chain_.size() >= kMaxImportDepth) {
      diagnostics_.error(import.path.span,
                         fmt::format("imports nest deeper than {} files", kMaxImportDepth));
      return nullptr;
    }
    return load_file(canonical, disk_path, import.path.span);
  }

  struct ImportedFile {
    std::string canonical;
    std::string disk_path;
  };

  std::optional<ImportedFile> resolve(const Unit& importer, const ast::Import& import) {
    const std::string& name = import.path.text;
    const auto refuse = [&](std::string reason) {
      diagnostics_.error(import.path.span, fmt::format("import \"{}\": {}", name, reason));
      return std::nullopt;
    };
    if (name.size() > kMaxPath) {
      diagnostics_.error(import.path.span, fmt::format("import path of {} bytes; at most {} are "
                                                       "allowed",
                                                       name.size(), kMaxPath));
      return std::nullopt;
    }
    if (name.empty()) return refuse("path is empty; expected that of a file");
    if (fs::path(name).is_absolute()) {
      return refuse("path is absolute; expected one relative to this file or an import directory");
    }
    std::vector<std::string> directories{directory_of(importer.disk_path)};
    for (const std::string& directory : inputs_.import_dirs) directories.push_back(directory);
    bool outside = false;
    for (const std::string& directory : directories) {
      const std::string path = (fs::path(directory) / name).lexically_normal().string();
      auto canonical = files_.canonical(path);
      if (!canonical) continue;
      if (path_of(*canonical)) return ImportedFile{std::move(*canonical), path};
      outside = true;
    }
    if (outside) return refuse("file lies outside the import directories");
    std::string searched;
    for (const std::string& directory : directories) {
      searched += fmt::format("{}\"{}\"", searched.empty() ? "" : ", ", directory);
    }
    return refuse(fmt::format("no such file in {}", searched));
  }

  void report_cycle(const std::string& canonical, const ast::Import& import) {
    Diagnostic& error = diagnostics_.error(
        import.path.span, fmt::format("import \"{}\" closes a cycle", import.path.text));
    auto step = std::find_if(chain_.begin(), chain_.end(),
                             [&](const Step& passed) { return passed.path == canonical; });
    for (++step; step != chain_.end(); ++step) {
      error.note(step->import,
                 fmt::format("\"{}\" is imported here", entries_[step->path].unit->path));
    }
  }

  const Inputs& inputs_;
  const FileSystem& files_;
  Sources& sources_;
  Diagnostics& diagnostics_;
  std::vector<std::string> roots_;                 // the import directories
  std::vector<std::string> main_roots_;            // directories of main files outside of them
  std::map<std::string, std::string> main_paths_;  // of those files, by canonical path
  std::map<std::string, std::string> disk_paths_;  // of all files, by path
  std::map<std::string, Entry> entries_;
  std::vector<Step> chain_;
  Units units_;
};

}  // namespace

Units load(const Inputs& inputs, const FileSystem& files, Sources& sources,
           Diagnostics& diagnostics) {
  return Loader(inputs, files, sources, diagnostics).run();
}

}  // namespace rpcgen
