// Reads a file that lists servers.
#pragma once

#include <string_view>
#include <vector>

#include "tern/instance.h"
#include "tern/result.h"

namespace tern::registry {

// One server a line, as in tern/file_registry.h. At least one; kInvalidArgument has a line for each
// of the first few that are wrong, with the name of the file and the number of the line.
Result<std::vector<Instance>> parse_server_file(std::string_view name, std::string_view text);

}  // namespace tern::registry
