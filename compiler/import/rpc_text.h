// The text of a .rpc file that is made from a .proto file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/import/descriptor.h"
#include "compiler/import/to_rpc.h"

namespace rpcgen::import {

// Leads to a declaration of the .proto file: numbers of fields in google/protobuf/descriptor.proto,
// and indexes.
using Path = std::vector<std::int32_t>;
Path operator+(Path path, std::int32_t part);

// A literal of the language.
std::string quoted(std::string_view text);
// " [first, second]"; empty without any.
std::string annotations(const std::vector<std::string>& all);

// Line by line; and, by the places of the .proto file, its comments and what is left out.
class RpcText {
 public:
  RpcText(const File& file, std::vector<Lack>& lacks) : file_(file), lacks_(lacks) {}
  RpcText(const RpcText&) = delete;
  RpcText& operator=(const RpcText&) = delete;

  void line(const std::string& text) { out_ += text + "\n"; }
  // The comment that stands there, if any.
  void doc(const Path& path, const std::string& indent);
  // What the language lacks; of what has no place, at the nearest one around it.
  void lack(Path path, std::string text);

  std::string take() { return std::move(out_); }

 private:
  const File& file_;
  std::vector<Lack>& lacks_;
  std::string out_;
};

}  // namespace rpcgen::import
