// What the outputs depend on, for Make and Ninja.
#pragma once

#include <string>
#include <vector>

namespace rpcgen {

// One rule, "targets: inputs", in Make's syntax.
std::string depfile_text(const std::vector<std::string>& targets,
                         const std::vector<std::string>& inputs);

}  // namespace rpcgen
