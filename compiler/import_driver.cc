#include "compiler/import_driver.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "compiler/import/descriptor.h"
#include "compiler/import/protoc.h"
#include "compiler/import/to_rpc.h"

namespace rpcgen {
namespace {

namespace fs = std::filesystem;

Outcome failed(std::string text) {
  return {kFailure, "error: " + std::move(text) + "\n"};
}

// What a file is called relative to the first directory that holds it; a directory that is missing
// for that is added.
std::string name_of(const std::string& file, std::vector<std::string>& directories) {
  for (const std::string& directory : directories) {
    std::string name = fs::path(file)
                           .lexically_normal()
                           .lexically_relative(fs::path(directory).lexically_normal())
                           .generic_string();
    if (!name.empty() && !name.starts_with("..")) return name;
  }
  const fs::path parent = fs::path(file).parent_path();
  directories.push_back(parent.empty() ? "." : parent.string());
  return fs::path(file).filename().string();
}

}  // namespace

Outcome import_protos(const Options& options, FileSystem& files) {
  std::vector<std::string> directories = options.import_dirs;
  std::vector<std::string> names;
  for (const std::string& file : options.files) names.push_back(name_of(file, directories));

  const auto ran = import::run_protoc(options.files, directories);
  if (const auto* problem = std::get_if<import::ProtocProblem>(&ran)) {
    return problem->text.empty() ? Outcome{kFailure, ""} : failed(problem->text);
  }
  const auto all = import::read_descriptors(std::get<std::string>(ran));
  if (!all) return failed("protoc has written what is no FileDescriptorSet");

  std::string messages;
  std::vector<std::pair<std::string, std::string>> outputs;
  for (const import::File& file : *all) {
    const auto named = std::find(names.begin(), names.end(), file.name);
    if (named == names.end()) continue;
    std::vector<import::Lack> lacks;
    std::string text = import::to_rpc(file, *all, lacks);
    std::stable_sort(lacks.begin(), lacks.end(), [](const auto& a, const auto& b) {
      return a.at.line != b.at.line ? a.at.line < b.at.line : a.at.column < b.at.column;
    });
    const std::string& path = options.files[static_cast<std::size_t>(named - names.begin())];
    for (const import::Lack& lack : lacks) {
      messages += path + ":" + std::to_string(lack.at.line + 1) + ":" +
                  std::to_string(lack.at.column + 1) + ": error: " + lack.text + "\n";
    }
    outputs.emplace_back((fs::path(options.out_dir) / import::rpc_path(file.name)).string(),
                         std::move(text));
  }
  if (!messages.empty()) return {kFailure, messages};
  if (outputs.size() != names.size()) return failed("protoc does not speak of every file");
  for (const auto& [path, text] : outputs) {
    if (const auto problem = write_if_changed(files, path, text)) {
      return failed("cannot write \"" + path + "\": " + problem->text);
    }
  }
  return {};
}

}  // namespace rpcgen
