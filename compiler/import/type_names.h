// What the messages and enums of .proto files are called in .rpc files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/import/descriptor.h"

namespace rpcgen::import {

// Types within others stand beside them, and begin with their names.
std::string inner_name(const std::string& outer, const std::string& name);

// A type or a file of protobuf itself.
bool is_googles(std::string_view type_or_file);

// ".package.Outer.Inner" as it is called in `file`; empty if the language lacks it. `all`: the
// file, and what it imports.
std::string type_name(const std::string& type, const File& file, const std::vector<File>& all);

}  // namespace rpcgen::import
