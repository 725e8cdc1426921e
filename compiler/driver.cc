#include "compiler/driver.h"

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <optional>
#include <utility>

#include "compiler/base/depfile.h"
#include "compiler/base/diagnostics.h"
#include "compiler/base/source.h"
#include "compiler/gen/generate.h"
#include "compiler/gen/proto/build.h"
#include "compiler/gen/proto/text.h"
#include "compiler/sema/analyze.h"
#include "compiler/sema/imports.h"

namespace rpcgen {
namespace {

std::string path_in(const std::string& directory, const std::string& path) {
  if (directory.empty() || directory == ".") return path;
  return (std::filesystem::path(directory) / path).string();
}

std::vector<OutputFile> generate_all(const model::Schema& schema, Options::Output output_kind) {
  std::vector<OutputFile> outputs;
  for (const auto& file : schema.files) {
    if (!file->is_main) continue;
    if (output_kind == Options::Output::kProto) {
      outputs.push_back(proto::write(proto::build(*file)));
      continue;
    }
    for (OutputFile& output : generate(schema, *file)) outputs.push_back(std::move(output));
  }
  return outputs;
}

// Two inputs, `a` and `a.rpc`, can want the same output.
void check_outputs_differ(const std::vector<OutputFile>& outputs, Diagnostics& diagnostics) {
  std::map<std::string, int> times;
  for (const OutputFile& output : outputs) {
    if (++times[output.path] != 2) continue;
    diagnostics.error({}, fmt::format("output \"{}\" is wanted by two inputs", output.path));
  }
}

void write_all(const Options& options, const std::vector<OutputFile>& outputs,
               const std::vector<std::string>& inputs, FileSystem& files,
               Diagnostics& diagnostics) {
  const auto report = [&](const std::string& path, const std::optional<FileProblem>& problem) {
    if (!problem) return;
    diagnostics.error({}, fmt::format("cannot write \"{}\": {}", path, problem->text));
  };
  std::vector<std::string> targets;
  for (const OutputFile& output : outputs) {
    targets.push_back(path_in(options.out_dir, output.path));
    report(targets.back(), write_if_changed(files, targets.back(), output.text));
  }
  if (!options.stamp.empty()) targets = {options.stamp};
  if (!options.depfile.empty() && !diagnostics.has_errors()) {
    report(options.depfile, files.write(options.depfile, depfile_text(targets, inputs)));
  }
  if (!options.stamp.empty() && !diagnostics.has_errors()) {
    report(options.stamp, files.write(options.stamp, ""));
  }
}

}  // namespace

Outcome compile(const Options& options, FileSystem& files) {
  Sources sources;
  Diagnostics diagnostics;
  Units units = load({options.files, options.import_dirs}, files, sources, diagnostics);
  std::vector<std::string> inputs;
  for (const auto& unit : units) inputs.push_back(unit->disk_path);

  if (const auto schema = analyze(std::move(units), diagnostics)) {
    const std::vector<OutputFile> outputs = generate_all(*schema, options.output);
    check_outputs_differ(outputs, diagnostics);
    if (!diagnostics.has_errors()) write_all(options, outputs, inputs, files, diagnostics);
  }
  return {diagnostics.has_errors() ? kFailure : kSuccess, render(diagnostics, sources)};
}

}  // namespace rpcgen
