#include "compiler/driver_options.h"

#include <CLI/CLI.hpp>
#include <sstream>

namespace rpcgen {

std::variant<Options, EarlyExit> parse_options(int argc, const char* const* argv) {
  Options options;
  CLI::App app("Generates C++ for Tern from .rpc files.", "rpcgen");
  app.set_version_flag("--version", "rpcgen " RPCGEN_VERSION);
  app.add_option("--out", options.out_dir, "Directory to write to; the current one by default")
      ->type_name("DIR");
  app.add_option("-I", options.import_dirs,
                 "Directory to look for imports in, and to name files relative to; repeatable")
      ->type_name("DIR")
      ->allow_extra_args(false);
  app.add_option("--depfile", options.depfile,
                 "File to write what the outputs depend on to, for Make and Ninja")
      ->type_name("FILE");
  app.add_option(
         "--stamp", options.stamp,
         "File to write when all is well, and to name in the depfile instead of the outputs")
      ->type_name("FILE");
  // Not required as CLI11 has it: then the first one could be no subcommand.
  app.add_option("files", options.files, "The .rpc files, or the .proto files to import")
      ->type_name("FILE ...");
  const CLI::App* proto =
      app.add_subcommand("proto", "Writes .proto files, and no C++")->fallthrough();
  const CLI::App* import =
      app.add_subcommand("import", "Writes .rpc files for .proto files, which protoc reads")
          ->fallthrough();
  try {
    app.parse(argc, argv);
    if (options.files.empty()) throw CLI::RequiredError("a .rpc file");
  } catch (const CLI::ParseError& e) {
    std::ostringstream out;
    std::ostringstream err;
    const bool fine = app.exit(e, out, err) == 0;
    return EarlyExit{fine ? kSuccess : kUsage, fine ? out.str() : "rpcgen: " + err.str()};
  }
  if (proto->parsed()) options.output = Options::Output::kProto;
  if (import->parsed()) options.output = Options::Output::kRpc;
  return options;
}

}  // namespace rpcgen
