// The program protoc, which reads .proto files.
#pragma once

#include <string>
#include <variant>
#include <vector>

namespace rpcgen::import {

struct ProtocProblem {
  std::string text;  // empty: protoc has said it on the standard error stream
};

// The bytes of a FileDescriptorSet of the files and of all that they import.
std::variant<std::string, ProtocProblem> run_protoc(const std::vector<std::string>& files,
                                                    const std::vector<std::string>& import_dirs);

}  // namespace rpcgen::import
