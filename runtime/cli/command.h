// What `tern` can do, one command each.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace tern::cli {

// Puts a command and its options into `app`. When it is chosen, `run` is set to what it does, which
// returns the exit status.
using Run = std::function<int()>;
void add_registry(CLI::App& app, Run& run);

}  // namespace tern::cli
