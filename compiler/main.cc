#include <cstdio>
#include <string>
#include <variant>

#include "compiler/base/files.h"
#include "compiler/driver.h"
#include "compiler/driver_options.h"
#include "compiler/import_driver.h"

int main(int argc, char** argv) {
  const auto parsed = rpcgen::parse_options(argc, argv);
  if (const auto* exit = std::get_if<rpcgen::EarlyExit>(&parsed)) {
    std::fputs(exit->text.c_str(), exit->status == rpcgen::kSuccess ? stdout : stderr);
    return exit->status;
  }
  rpcgen::RealFileSystem files;
  const auto& options = *std::get_if<rpcgen::Options>(&parsed);
  const rpcgen::Outcome outcome = options.output == rpcgen::Options::Output::kRpc
                                      ? rpcgen::import_protos(options, files)
                                      : rpcgen::compile(options, files);
  std::fputs(outcome.messages.c_str(), stderr);
  return outcome.status;
}
