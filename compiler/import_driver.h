// A run of `rpcgen import`: from .proto files to .rpc files.
#pragma once

#include "compiler/base/files.h"
#include "compiler/driver.h"

namespace rpcgen {

// Writes a .rpc file for each of options.files, or nothing if one has what the language lacks: each
// is said with file, line and column. Runs the program protoc.
Outcome import_protos(const Options& options, FileSystem& files);

}  // namespace rpcgen
