// The generator: a valid schema in, the text of C++ files out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/sema/model.h"

namespace rpcgen {

// Of rpcgen: "0.1.0".
std::string_view generator_version();

// The TERN_CODEGEN_VERSION of the runtime (tern/version.h) that the output is for.
inline constexpr int kCodegenVersion = 4;

struct OutputFile {
  std::string path;  // relative to the output directory, with '/': "sub/arith.rpc.h"
  std::string text;

  friend bool operator==(const OutputFile&, const OutputFile&) = default;
};

// What is written for "sub/arith.rpc", in this order: "sub/arith.rpc.h", "sub/arith.rpc.cc",
// "sub/arith.service.h", "sub/arith.service.cc" and "sub/arith.descriptor.h". Always all five,
// whatever the file declares, so that a build knows them before rpcgen runs.
std::vector<std::string> output_paths(const model::File& file);

// The files for one file of the schema. The same input gives the same text, byte for byte.
std::vector<OutputFile> generate(const model::Schema& schema, const model::File& file);

}  // namespace rpcgen
