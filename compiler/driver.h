// A run of the compiler, from options to files on disk.
#pragma once

#include <string>
#include <vector>

#include "compiler/base/files.h"

namespace rpcgen {

struct Options {
  enum class Output { kCpp, kProto, kRpc };
  Output output = Output::kCpp;
  std::vector<std::string> files;
  std::vector<std::string> import_dirs;
  std::string out_dir = ".";
  std::string depfile;  // empty: none is wanted
  std::string stamp;    // the same
};

inline constexpr int kSuccess = 0;
inline constexpr int kFailure = 1;  // errors in the input, or a file that cannot be read or written
inline constexpr int kUsage = 2;

struct Outcome {
  int status = kSuccess;
  std::string messages;  // for the standard error stream
};

// Writes the code, or the .proto files, for options.files, or nothing if there is any error. A file
// that already has its text stays as it is. The stamp is an empty file that is written last and
// always: its age tells of the run. With one the depfile is about the stamp, else about the
// outputs.
Outcome compile(const Options& options, FileSystem& files);

}  // namespace rpcgen
