#include "compiler/import/type_names.h"

#include <algorithm>
#include <cctype>

namespace rpcgen::import {

using std::string;

namespace {

// The file that declares a type: that with the longest package that the name begins with, and
// that has it.
const File* declarer(const string& type, const std::vector<File>& all) {
  const File* best = nullptr;
  for (const File& file : all) {
    const string start = "." + file.package + ".";
    if (!type.starts_with(start)) continue;
    const string rest = type.substr(start.size());
    const string first = rest.substr(0, rest.find('.'));
    const auto named = [&](const auto& one) { return one.name == first; };
    const bool has_it = std::any_of(file.messages.begin(), file.messages.end(), named) ||
                        std::any_of(file.enums.begin(), file.enums.end(), named);
    if (has_it && (best == nullptr || file.package.size() > best->package.size())) best = &file;
  }
  return best;
}

}  // namespace

string inner_name(const string& outer, const string& name) {
  const int first = std::toupper(static_cast<unsigned char>(name.front()));
  return outer + static_cast<char>(first) + name.substr(1);
}

bool is_googles(std::string_view type_or_file) {
  return type_or_file.starts_with(".google.protobuf.") ||
         type_or_file.starts_with("google/protobuf/");
}

string type_name(const string& type, const File& file, const std::vector<File>& all) {
  if (type == ".google.protobuf.Timestamp") return "timestamp";
  if (type == ".google.protobuf.Duration") return "duration";
  const File* where = declarer(type, all);
  if (is_googles(type) || where == nullptr) return "";
  string left = type.substr(where->package.size() + 2);
  string name;
  while (!left.empty()) {
    const std::size_t end = std::min(left.find('.'), left.size());
    name = inner_name(name, left.substr(0, end));
    left = left.substr(std::min(end + 1, left.size()));
  }
  return where->package == file.package ? name : where->package + "." + name;
}

}  // namespace rpcgen::import
