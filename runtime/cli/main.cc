// tern: what stands beside programs that call and serve.
#include <CLI/CLI.hpp>
#include <iostream>
#include <sstream>

#include "command.h"

namespace {

constexpr int kUsage = 2;

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Tools for Tern, RPC for C++20.", "tern");
  app.set_version_flag("--version", "tern " TERN_VERSION);
  app.require_subcommand(1);
  tern::cli::Run run;
  tern::cli::add_registry(app, run);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    std::ostringstream out;
    std::ostringstream err;
    if (app.exit(e, out, err) == 0) {
      std::cout << out.str();
      return 0;
    }
    std::cerr << "tern: " << err.str();
    return kUsage;
  }
  return run();
}
