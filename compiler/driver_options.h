// The command line.
#pragma once

#include <string>
#include <variant>

#include "compiler/driver.h"

namespace rpcgen {

// What to print instead of running: the help, the version, or what is wrong with the command line.
struct EarlyExit {
  int status = kSuccess;
  std::string text;
};

std::variant<Options, EarlyExit> parse_options(int argc, const char* const* argv);

}  // namespace rpcgen
