// From what protoc says of a .proto file to a .rpc file. docs/codecs.md has what becomes what.
#pragma once

#include <string>
#include <vector>

#include "compiler/import/descriptor.h"

namespace rpcgen::import {

// What the language lacks. Line and column count from 0.
struct Lack {
  Place at;
  std::string text;
};

// The text of the .rpc file for `file`. `all`: it, and what it imports. What the language lacks is
// left out and added to `lacks`.
std::string to_rpc(const File& file, const std::vector<File>& all, std::vector<Lack>& lacks);

// "sub/arith.proto": "sub/arith.rpc".
std::string rpc_path(const std::string& proto_path);

}  // namespace rpcgen::import
